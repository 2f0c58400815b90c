// Keys and touches. Rule: what comes faster than a hand types is a scanner's; it becomes neither
// an amount nor a PIN, and it presses no button.
import { keepDigits, openAct, pressDigit, restoreDigits, submit } from "/static/act-panel.js";
import { act, amount, charge, openDrawer, press } from "/static/asks.js";
import { findByName, openFind } from "/static/find.js";
import { openHelp } from "/static/help.js";
import { Pace, keys } from "/static/keypad.js";
import { buildPad } from "/static/pad.js";
import { changed, currentSale, leave, look, state } from "/static/state.js";

const id = (name) => document.getElementById(name);
const pace = new Pace();
const AMOUNT_KEYS = /^([0-9.]|back)$/;

const FUNCTION_KEYS = {
  F1: openHelp,
  F2: leave,
  F3: openFind,
  F4: () => pressOfLast("reprint"),
  F6: () => pressOfLast("void"),
  F7: () => pressOfLast("refund"),
  F9: openDrawer,
};

export function startHands() {
  for (const [name, done] of Object.entries(TOUCHES)) id(name).addEventListener("click", done);
  for (const name of ["refund", "void", "capture", "abandon", "reverse", "accept", "settle"]) {
    id(name).addEventListener("click", () => openAct(name, currentSale()));
  }
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", dropFocus);
}

const TOUCHES = {
  charge: () => charge(),
  clear: () => press("clear"),
  another: () => charge(true),
  cancel: () => act("cancel"),
  keep: () => act("keep", true),
  reprint: () => act("receipt/print"),
  new: leave,
  drawer: openDrawer,
};

// Outside a dialog no button keeps the focus: Enter is for the next step, not for the last button.
function dropFocus(event) {
  if (!event.target.closest("dialog")) event.target.closest("button")?.blur();
}

export function buildKeypad() {
  buildPad("keypad", keys(state.lane.currency), press);
}

function onKey(event) {
  if (!state.lane || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isScanner(event)) return refuse(event);
  if (FUNCTION_KEYS[event.key]) return onFunctionKey(event);
  if (document.querySelector("dialog[open]")) return onDialogKey(event);
  if (event.target instanceof HTMLSelectElement) {
    if (!/^[0-9]$/.test(event.key)) return;
    event.target.blur(); // a digit is meant for the amount, not for the list of languages
  }
  if (event.key === "Escape") return onEscape();
  if (event.key === "Enter") return event.target === document.body ? onEnter() : undefined;
  const key = event.key === "Backspace" ? "back" : event.key;
  if (id("verdict").hidden && AMOUNT_KEYS.test(key)) press(key);
}

function onFunctionKey(event) {
  event.preventDefault(); // a browser has meanings of its own for them
  if (!document.querySelector("dialog[open]")) FUNCTION_KEYS[event.key]();
}

function onDialogKey(event) {
  if (event.key === "Enter" && event.target.matches("dialog, input, .field")) return submitOpen(event);
  if (event.target instanceof HTMLInputElement || !id("act").open) return;
  const key = event.key === "Backspace" ? "back" : event.key;
  if (AMOUNT_KEYS.test(key)) pressDigit(key);
}

function submitOpen(event) {
  event.preventDefault();
  if (id("find").open) findByName();
  else submit();
}

// On the till the last sale is shown first: what is acted on has been looked at.
function pressOfLast(name) {
  if (id("verdict").hidden) return state.lane.last && look(state.lane.last);
  if (!id(name).hidden) id(name).click();
}

function isScanner(event) {
  if (event.key.length > 1 && event.key !== "Enter") return false; // no scanner types these
  pace.take(event.timeStamp);
  if (pace.isFirst) {
    amount.keep();
    keepDigits();
    keepText(event.target);
  }
  return pace.isBurst;
}

let typedInto = null;

function keepText(target) {
  typedInto = target instanceof HTMLInputElement ? { target, text: target.value } : null;
}

function refuse(event) {
  event.preventDefault(); // its Enter would press the button that has the focus
  amount.restore();
  restoreDigits();
  if (typedInto) typedInto.target.value = typedInto.text;
  changed();
}

function onEscape() {
  const cancellable = !id("verdict").hidden && !id("cancel").hidden;
  if (cancellable) act("cancel");
  else if (!id("verdict").hidden) leave();
  else press("clear");
}

function onEnter() {
  if (id("verdict").hidden) return charge();
  // A doubt is left on purpose, with its button or Esc; it is not typed away.
  if (["PAID", "NOT_PAID"].includes(id("verdict").dataset.verdict)) leave();
}
