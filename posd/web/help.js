// Help: how each device is and what to do, the keys, and what can be turned off. Rule: what can be
// read by pointing at it can be read here by touch.
import { devicesOf } from "/static/devices.js";
import { QUIETABLE, isQuiet, toggleQuiet } from "/static/sounds.js";
import { state } from "/static/state.js";
import { t } from "/static/words.js";

const id = (name) => document.getElementById(name);
const KEYS = [
  ["Enter", "page.key.enter"], ["Esc", "page.key.escape"], ["F1", "page.help"], ["F2", "page.new_sale"],
  ["F3", "page.find"], ["F4", "page.reprint"], ["F6", "page.act.void.title"], ["F7", "page.act.refund.title"],
  ["F9", "page.drawer"],
];

export function openHelp() {
  if (document.querySelector("dialog[open]") || !state.lane) return;
  showHelp();
  id("help").showModal();
}

// Drawn anew with each lane while it is open.
export function showHelp() {
  id("help-devices").replaceChildren(...devicesOf(state.lane).map(deviceItem));
  id("help-keys").replaceChildren(...KEYS.map(([key, word]) => item("kbd", key, t(word))));
  id("help-version").textContent = `posd ${state.lane.version}`;
}

function deviceItem(device) {
  const words = `${device.kind}.${device.condition}`;
  const shown = item("strong", t(`${words}.title`), t(`${words}.next`));
  shown.classList.toggle("bad", !device.ready);
  return shown;
}

function item(tag, name, text) {
  const shown = document.createElement("li");
  const title = document.createElement(tag);
  title.textContent = name;
  shown.append(title, " ", text);
  return shown;
}

export function labelSwitches() {
  for (const button of id("help-switches").children) {
    button.textContent = t(`page.switch.${button.dataset.switch}`);
    button.setAttribute("aria-pressed", String(!isQuiet(button.dataset.switch)));
  }
}

export function startHelp() {
  id("help-switches").replaceChildren(...QUIETABLE.map((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.switch = name;
    button.addEventListener("click", () => {
      toggleQuiet(name);
      labelSwitches();
    });
    return button;
  }));
  id("help-open").addEventListener("click", openHelp);
  id("devices").addEventListener("click", openHelp); // a short cut; F1 and the button say the same
  id("help-back").addEventListener("click", () => id("help").close());
}
