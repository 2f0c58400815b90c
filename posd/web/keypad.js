// The amount as it is typed. Rule: digits that come faster than a hand types them are a
// keyboard-wedge scanner's, and never become an amount.

const DECIMALS = { TWD: 0, THB: 2, USD: 2 };
const MAX_DIGITS = 8;
const BURST_MS = 30;
const BURST_KEYS = 4;

export class Amount {
  text = "";
  currency = "TWD";
  #before = "";
  #keys = 0;
  #last = -Infinity;

  get isPositive() {
    return Number(this.text) > 0;
  }

  press(key) {
    if (key === "clear") this.text = "";
    else if (key === "back") this.text = this.text.slice(0, -1);
    else if (this.#fits(key)) this.text += key;
    if (/^0\d/.test(this.text)) this.text = this.text.replace(/^0+(?=\d)/, "");
  }

  // A key of a real keyboard at `now` milliseconds; true where it is part of a scanner's burst.
  type(key, now) {
    const quick = now - this.#last < BURST_MS;
    this.#last = now;
    if (!quick) {
      this.#keys = 0;
      this.#before = this.text;
    }
    this.#keys += 1;
    if (this.#keys < BURST_KEYS) {
      if (key !== "Enter") this.press(key);
      return false;
    }
    this.text = this.#before;
    return true;
  }

  #fits(key) {
    const [whole, part] = this.text.split(".");
    if (key === ".") return DECIMALS[this.currency] > 0 && part === undefined && whole !== "";
    if (!/^\d+$/.test(key)) return false;
    if (part !== undefined) return part.length + key.length <= DECIMALS[this.currency];
    return whole.length + key.length <= MAX_DIGITS;
  }
}

export function keys(currency) {
  const low = DECIMALS[currency] > 0 ? "." : "00";
  return ["1", "2", "3", "4", "5", "6", "7", "8", "9", low, "0", "back"];
}
