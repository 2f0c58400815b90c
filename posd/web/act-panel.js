// One act on the money of a sale, asked and answered. Rule: what was looked at is what is acted on
// (its seq goes along), and a press after a lost answer repeats the request with its own key.
import { begin, choicesOf, chosenReason, fields, forgetDigits, needsWho, show } from "/static/act-form.js";
import { ACTS, actsOf } from "/static/acts.js";
import { Problem, get, post } from "/static/api.js";
import { buildPad } from "/static/pad.js";
import { remember } from "/static/people.js";
import { changed, look, state } from "/static/state.js";
import { noticeText, t } from "/static/words.js";

const id = (name) => document.getElementById(name);
const PAD = ["1", "2", "3", "back", "4", "5", "6", "0", "7", "8", "9", "."];
const MATTERS = ["verdict", "state", "wish", "wish_because", "captured", "refunded"];
const WHO_IS_ASKED = ["needs_supervisor", "above_cap", "wrong_pin", "locked_out"];

let form = null; // null while the dialog is shut
let attempt = null; // the key of the request, and the request that it is the key of

export function openAct(name, sale) {
  if (form || !sale || !actsOf(sale).includes(name)) return;
  form = begin(name, sale);
  attempt = null;
  tell("");
  show(form);
  id("act").showModal();
}

// The sale went on meanwhile: the dialog is shut, for another sum must not slip under the finger.
export function checkAct(sale) {
  if (!form || id("act-go").disabled || sale?.id !== form.sale.id) return;
  if (MATTERS.every((member) => sale[member] === form.sale[member])) return;
  id("act").close();
  state.problem = { code: "sale_changed" };
  changed();
}

// A key of the keyboard or of the pad, for the field that takes digits now.
export function pressDigit(key) {
  if (!form) return;
  fields[form.field].press(key);
  show(form);
}

export function keepDigits() {
  for (const field of Object.values(fields)) field.keep();
}

export function restoreDigits() {
  for (const field of Object.values(fields)) field.restore();
  if (form) show(form);
}

export async function submit() {
  if (!form || id("act-go").disabled) return;
  if (choicesOf(form).length && !form.choice) return tell(t("page.choose"));
  if (ACTS[form.name].reasons.length && !chosenReason(form)) return tell(t("notice.reason_needed"));
  const asked = bodyOf();
  const pin = fields.pin.text;
  fields.pin.press("clear");
  id("act-go").disabled = true;
  try {
    const told = await post(pathOf(ACTS[form.name].path), { key: keyOf(asked), body: { ...asked, pin }, seq: form.sale.seq });
    remember(asked.actor);
    id("act").close();
    look(told);
  } catch (error) {
    await refused(error);
  } finally {
    id("act-go").disabled = false;
  }
}

function pathOf(verb) {
  return `/v1/sales/${encodeURIComponent(form.sale.id)}/${verb}`;
}

function bodyOf() {
  const part = fields.part.text ? { amount: fields.part.text.replace(/\.$/, "") } : {};
  const actor = needsWho(form) ? id("act-actor").value.trim() : "";
  return { actor, reason: chosenReason(form), ...part, ...form.choice?.members };
}

// The same request keeps its key, however often it is pressed; another request has its own.
function keyOf(asked) {
  const text = JSON.stringify(asked);
  if (attempt?.text !== text) attempt = { key: crypto.randomUUID(), text };
  return attempt.key;
}

async function refused(error) {
  if (!form) return;
  tell(error instanceof Problem ? noticeText(error.code, error.details, error.title) : t("page.unclear_act"));
  if (WHO_IS_ASKED.includes(error.code)) form.who = true;
  if (form.who) form.field = "pin";
  if (error.code === "sale_changed") await lookAgain();
  if (form) show(form);
}

// Decided anew: the sale as it is now, and a new attempt; or nothing is left to decide.
async function lookAgain() {
  const fresh = await get(`/v1/sales/${encodeURIComponent(form.sale.id)}`).catch(() => null);
  if (!fresh || !form) return;
  look(fresh);
  if (!actsOf(fresh).includes(form.name)) return id("act").close();
  form.sale = fresh;
  attempt = null;
}

function tell(text) {
  id("act-notice").textContent = text;
}

function choose(field) {
  if (!form) return;
  form.field = field;
  show(form);
}

export function startActs() {
  buildPad("act-pad", PAD, pressDigit);
  for (const event of ["click", "focus"]) { // a key of the pad takes the focus, not the field
    id("act-part").addEventListener(event, () => choose("part"));
    id("act-pin").addEventListener(event, () => choose("pin"));
  }
  id("act-back").addEventListener("click", () => id("act").close());
  id("act-go").addEventListener("click", submit);
  id("act").addEventListener("close", () => {
    form = null;
    forgetDigits();
  });
}
