// Names of those who acted on this page, as buttons for whoever has no keyboard. Rule: names alone
// are kept, and only those that posd knew.
const MAX_NAMES = 3;

export function knownNames() {
  return JSON.parse(localStorage.getItem("names") ?? "[]");
}

export function remember(name) {
  if (!name) return;
  const names = [name, ...knownNames().filter((one) => one !== name)];
  localStorage.setItem("names", JSON.stringify(names.slice(0, MAX_NAMES)));
}
