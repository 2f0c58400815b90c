// What an act asks for, on the screen: choices, reasons, a part, a name and a PIN. Rule: the PIN
// is in no element of the page, and nothing that was typed outlives the dialog.
import { ACTS, left } from "/static/acts.js";
import { Amount, Pin } from "/static/keypad.js";
import { knownNames } from "/static/people.js";
import { t } from "/static/words.js";

const id = (name) => document.getElementById(name);

export const fields = { part: new Amount(), pin: new Pin() };

// Begins the form of an act: nothing chosen, nothing typed.
export function begin(name, sale) {
  const form = { name, sale, choice: null, reason: "", actor: "", who: Boolean(ACTS[name].who) };
  form.field = ACTS[name].part && !form.who ? "part" : "pin";
  fields.part.currency = sale.currency;
  forgetDigits();
  id("act-text").value = "";
  id("act-actor").value = "";
  return form;
}

export function forgetDigits() {
  for (const field of Object.values(fields)) field.press("clear");
}

// What was said of the sale already cannot be said once more.
export function choicesOf({ name, sale }) {
  return (ACTS[name].choices ?? []).filter((choice) => sale.wish_because !== choice.code);
}

export function chosenReason(form) {
  return id("act-text").value.trim() || (form.reason && t(`page.reason.${form.reason}`));
}

export function needsWho(form) {
  return form.who || Boolean(form.choice?.who);
}

export function show(form) {
  const { name, sale } = form;
  const how = ACTS[name];
  id("act-title").textContent = t(`page.act.${name}.title`);
  id("act-sum").textContent = `${sale.amount} ${sale.currency} · ${sale.receipt_number}`;
  id("act-about").textContent = t(`page.act.${name}.about`);
  id("act-go").textContent = t(`page.act.${name}.go`, { amount: `${sumOf(form)} ${sale.currency}` });
  id("act-who").hidden = !needsWho(form) && !how.part;
  id("act-person").hidden = id("act-pin").hidden = !needsWho(form);
  id("act-part").hidden = !how.part;
  showField(form, "part", t("page.part", { amount: fields.part.text || t("page.all") }));
  showField(form, "pin", t("page.pin", { pin: "●".repeat(fields.pin.text.length) }));
  showTexts();
  showButtons("act-choices", choicesOf(form).map((choice) => [choice.code, t(`page.because.${choice.code}`)]), form.choice?.code, (code) => {
    form.choice = choicesOf(form).find((choice) => choice.code === code);
    show(form);
  });
  showButtons("act-reasons", how.reasons.map((code) => [code, t(`page.reason.${code}`)]), form.reason, (code) => {
    form.reason = code;
    show(form);
  });
  showButtons("act-names", knownNames().map((person) => [person, person]), id("act-actor").value, (person) => {
    id("act-actor").value = person;
    show(form);
  });
}

function sumOf({ name, sale }) {
  return fields.part.text || (name === "refund" ? left(sale) : sale.amount);
}

function showField(form, field, text) {
  id(`act-${field}`).textContent = text;
  id(`act-${field}`).setAttribute("aria-pressed", String(form.field === field));
}

function showTexts() {
  for (const [name, word] of [["act-text", "page.reason.other"], ["act-actor", "page.actor"]]) {
    id(name).placeholder = t(word);
    id(name).setAttribute("aria-label", t(word));
  }
}

// Made once for the same buttons, so that the one with the focus keeps it.
function showButtons(listId, buttons, chosen, choose) {
  const list = id(listId);
  const same = JSON.stringify(buttons);
  list.hidden = buttons.length === 0;
  if (list.dataset.buttons !== same) {
    list.dataset.buttons = same;
    list.replaceChildren(...buttons.map(([code, text]) => newButton(code, text)));
  }
  for (const button of list.children) {
    button.setAttribute("aria-pressed", String(button.dataset.choice === chosen));
    button.onclick = () => choose(button.dataset.choice);
  }
}

function newButton(code, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.choice = code;
  button.textContent = text;
  return button;
}
