// A pad of keys, for whoever has no keyboard. Rule: a key says itself and nothing else.
const id = (name) => document.getElementById(name);

export function buildPad(padId, keys, press) {
  id(padId).replaceChildren(...keys.map((key) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.key = key;
    button.textContent = key === "back" ? "⌫" : key;
    button.addEventListener("click", () => press(key));
    return button;
  }));
}
