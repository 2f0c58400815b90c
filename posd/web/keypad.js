// The amount as it is typed. Rule: keys that come faster than a hand types them are a
// keyboard-wedge scanner's; they never become an amount and press no button.

const DECIMALS = { TWD: 0, THB: 2, USD: 2 };
const MAX_DIGITS = 8;
const MAX_PIN = 12;
const BURST_MS = 30;
const BURST_KEYS = 4;

// Tells a hand from a scanner by the pace of its keys.
export class Pace {
  #keys = 0;
  #last = -Infinity;

  // Takes in a key at `now` milliseconds; `isFirst` and `isBurst` then speak of that key.
  take(now) {
    this.#keys = now - this.#last < BURST_MS ? this.#keys + 1 : 1;
    this.#last = now;
  }

  get isFirst() {
    return this.#keys === 1;
  }

  get isBurst() {
    return this.#keys >= BURST_KEYS;
  }
}

export class Amount {
  text = "";
  currency = "TWD";
  #kept = "";

  get isPositive() {
    return Number(this.text) > 0;
  }

  press(key) {
    if (key === "clear") this.text = "";
    else if (key === "back") this.text = this.text.slice(0, -1);
    else if (this.#fits(key)) this.text += key;
    if (/^0\d/.test(this.text)) this.text = this.text.replace(/^0+(?=\d)/, "");
  }

  // Remembers the amount as it is, for `restore` when what follows proves to be a scanner.
  keep() {
    this.#kept = this.text;
  }

  restore() {
    this.text = this.#kept;
  }

  #fits(key) {
    const [whole, part] = this.text.split(".");
    if (key === ".") return DECIMALS[this.currency] > 0 && part === undefined && whole !== "";
    if (!/^\d+$/.test(key)) return false;
    if (part !== undefined) return part.length + key.length <= DECIMALS[this.currency];
    return whole.length + key.length <= MAX_DIGITS;
  }
}

// A PIN as it is typed: it is on no screen and in no store, and forgotten once it was sent.
export class Pin {
  text = "";
  #kept = "";

  press(key) {
    if (key === "clear") this.text = "";
    else if (key === "back") this.text = this.text.slice(0, -1);
    else if (/^\d$/.test(key) && this.text.length < MAX_PIN) this.text += key;
  }

  keep() {
    this.#kept = this.text;
  }

  restore() {
    this.text = this.#kept;
  }
}

export function keys(currency) {
  const low = DECIMALS[currency] > 0 ? "." : "00";
  return ["1", "2", "3", "4", "5", "6", "7", "8", "9", low, "0", "back"];
}
