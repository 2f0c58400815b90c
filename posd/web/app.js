// The cashier's page: what posd says, shown; what the cashier wants, asked. Rule: the page decides
// nothing about money, and an ask whose answer was lost is repeated with its own key.
import { Problem, follow, post } from "/static/api.js";
import { Amount, Pace, keys } from "/static/keypad.js";
import { labelDemo, showDemo, showDevices, showSales } from "/static/lists.js";
import { showVerdict, shownVerdict } from "/static/verdict.js";
import { language, speak, t } from "/static/words.js";

const id = (name) => document.getElementById(name);
const amount = new Amount();
const pace = new Pace();
const OVERDUE_GRACE_S = 2;
const ALARMS = ["NOT_PAID", "NOT_CONFIRMED", "PAID_LATE", "CALL_SUPERVISOR"];

let lane = null;
let connected = false;
let watched = null; // the id of the sale on the screen, also after it left the counter
let lastSeen = null; // that sale as it was told last
let problem = null;
let dueAt = Infinity;
let said = "";
let shownNotice = null; // the number of the notice on the screen
let seenNotice = null; // the number of the last one that is over
let lastVerdict = "";
const underway = new Set(); // the asks without an answer: none is made twice, none holds up another

// ---- what is shown --------------------------------------------------------------------------

function currentSale() {
  if (!lane) return null;
  if (lane.selling) watched = lane.selling.id;
  if (!watched) return null;
  const known = [lane.selling, lane.last, ...lane.unfinished, ...lane.recent];
  const found = known.find((sale) => sale && sale.id === watched);
  lastSeen = found ?? (lastSeen?.id === watched ? lastSeen : null);
  return lastSeen;
}

function render() {
  if (!lane || !language) return;
  const sale = currentSale();
  id("test").hidden = !lane.test;
  id("test").textContent = t("notice.test");
  id("shop").textContent = `${lane.store_name} · ${lane.lane}`;
  showDevices(lane);
  id("devices").hidden = !connected; // nobody knows how they are now
  id("lost").hidden = connected;
  id("lost").textContent = t("page.lost");
  id("till").hidden = Boolean(sale);
  id("verdict").hidden = !sale;
  document.body.classList.toggle("telling", Boolean(sale));
  if (sale) renderSale(sale);
  else renderTill();
  renderNotice(Boolean(sale));
}

function renderSale(sale) {
  dueAt = sale.verdict === "WORKING" ? dueAt : Infinity;
  const overdue = performance.now() > dueAt + OVERDUE_GRACE_S * 1000;
  const verdict = shownVerdict(sale, { connected, overdue });
  if (verdict !== lastVerdict && !doubted(verdict)) seenNotice = shownNotice; // what was said before is over
  lastVerdict = verdict;
  showVerdict(sale, verdict);
  id("countdown").hidden = verdict !== "WORKING";
  tick();
  announce(verdict, `${t(`verdict.${verdict}.title`)}. ${id("sum").textContent}. ${id("next").textContent}`);
}

function renderTill() {
  lastVerdict = "";
  announce("READY", t("verdict.READY.title"));
  renderAmount();
  id("another").hidden = problem?.code !== "same_amount_unresolved";
  const recent = lane.recent.filter((sale) => !lane.unfinished.some((open) => open.id === sale.id));
  showSales("unfinished", "unfinished-title", lane.unfinished, look);
  showSales("recent", "recent-title", recent.slice(0, 4), look);
}

function renderAmount() {
  amount.currency = lane.currency;
  const unit = document.createElement("small");
  unit.textContent = ` ${lane.currency}`;
  id("amount").replaceChildren(amount.text || "0", unit);
  id("charge").disabled = underway.has("charge");
}

function renderNotice(onVerdict) {
  let text = "";
  shownNotice = lane.notice?.number ?? null;
  if (problem) text = problem.code ? noticeText(problem.code, problem.details, problem.title) : t("page.unclear");
  else if (lane.notice && lane.notice.number !== seenNotice) text = noticeText(lane.notice.code, lane.notice.details);
  else if (lane.hindrances.length && !onVerdict) text = noticeText(lane.hindrances[0], {});
  id("hint").textContent = text || amount.text ? "" : t("verdict.READY.next");
  id("notice").textContent = onVerdict ? "" : text;
  id("verdict-notice").textContent = onVerdict ? text : "";
}

// Whether the code was perhaps none of LINE Pay's: worth knowing until the money was taken.
function doubted(verdict) {
  return verdict === "NOT_PAID" && Boolean(lane.notice?.code.startsWith("doubt_"));
}

function noticeText(code, details, title) {
  const text = t(`notice.${code}`, details);
  return text === `notice.${code}` ? title || code : text;
}

function announce(verdict, text) {
  if (text === said) return;
  said = text;
  const alarm = ALARMS.includes(verdict);
  id("alarm").textContent = alarm ? text : "";
  id("say").textContent = alarm ? "" : text;
}

function tick() {
  const left = Math.max(0, Math.ceil((dueAt - performance.now()) / 1000));
  id("seconds").textContent = Number.isFinite(left) ? String(left) : "";
}

function label() {
  const texts = {
    charge: "page.charge", clear: "page.clear", another: "page.another_customer", cancel: "page.cancel",
    keep: "page.keep", reprint: "page.reprint", new: "page.new_sale",
  };
  const shortcuts = { charge: "Enter", clear: "Esc", cancel: "Esc", new: "Esc" };
  for (const [name, key] of Object.entries(texts)) {
    id(name).textContent = t(key);
    if (!shortcuts[name]) continue;
    const hint = document.createElement("kbd");
    hint.textContent = shortcuts[name];
    id(name).append(hint);
  }
  id("unfinished-title").textContent = t("page.unfinished");
  id("recent-title").textContent = t("page.recent");
  id("seconds-word").textContent = t("page.seconds");
  id("language-word").textContent = t("page.language");
  id("devices").setAttribute("aria-label", t("page.devices"));
  id("demo").setAttribute("aria-label", t("page.demo"));
  labelDemo();
  for (const button of id("keypad").children) {
    if (button.dataset.key === "back") button.setAttribute("aria-label", t("page.back"));
  }
}

// ---- what is asked --------------------------------------------------------------------------

// Kept until an answer was read, so that a lost answer or a reload repeats the same request.
function pendingSale(anotherCustomer) {
  const kept = JSON.parse(sessionStorage.getItem("pending") ?? "null");
  if (kept && kept.body.amount === amount.text && kept.body.another_customer === anotherCustomer) return kept;
  const body = { reference: `page-${crypto.randomUUID()}`, amount: amount.text, currency: lane.currency, another_customer: anotherCustomer };
  const fresh = { key: crypto.randomUUID(), body };
  sessionStorage.setItem("pending", JSON.stringify(fresh));
  return fresh;
}

async function charge(anotherCustomer = false) {
  if (!lane || !amount.isPositive) return;
  amount.text = amount.text.replace(/\.$/, "");
  await ask("charge", async () => {
    const sale = await post("/v1/sales", pendingSale(anotherCustomer));
    sessionStorage.removeItem("pending");
    watched = sale.id;
    lastSeen = sale;
    amount.press("clear");
  });
}

async function act(verb, withSeq = false) {
  const sale = currentSale();
  if (!sale) return;
  const path = `/v1/sales/${encodeURIComponent(sale.id)}/${verb}`;
  await ask(verb, () => post(path, { key: crypto.randomUUID(), seq: withSeq ? sale.seq : undefined }));
}

async function ask(name, work) {
  if (underway.has(name)) return;
  underway.add(name);
  problem = null;
  seenNotice = lane.notice?.number ?? null;
  try {
    await work();
  } catch (error) {
    if (error instanceof Problem) sessionStorage.removeItem("pending");
    problem = error instanceof Problem ? error : { code: "" };
  }
  underway.delete(name);
  render();
}

function look(sale) {
  watched = sale.id;
  lastSeen = sale;
  problem = null;
  render();
}

function leave() {
  if (lane?.selling) return;
  watched = null;
  problem = null;
  seenNotice = lane?.notice?.number ?? null;
  render();
}

// ---- keys and touches -----------------------------------------------------------------------

function press(key) {
  problem = null;
  seenNotice = shownNotice;
  amount.press(key);
  render();
}

function buildKeypad() {
  const buttons = keys(lane.currency).map((key) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.key = key;
    button.textContent = key === "back" ? "⌫" : key;
    button.addEventListener("click", () => press(key));
    return button;
  });
  id("keypad").replaceChildren(...buttons);
}

function onKey(event) {
  if (!lane || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isScanner(event)) return refuse(event);
  if (event.target instanceof HTMLSelectElement) {
    if (!/^[0-9]$/.test(event.key)) return;
    event.target.blur(); // a digit is meant for the amount, not for the list of languages
  }
  if (event.key === "Escape") return onEscape();
  if (event.key === "Enter") return event.target === document.body ? onEnter() : undefined;
  const key = event.key === "Backspace" ? "back" : event.key;
  if (id("verdict").hidden && /^([0-9.]|back)$/.test(key)) press(key);
}

function isScanner(event) {
  if (event.key.length > 1 && event.key !== "Enter") return false; // no scanner types these
  pace.take(event.timeStamp);
  if (pace.isFirst) amount.keep();
  return pace.isBurst;
}

function refuse(event) {
  event.preventDefault(); // its Enter would press the button that has the focus
  amount.restore();
  render();
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

async function changeLanguage(wanted) {
  localStorage.setItem("language", wanted);
  try {
    await speak(wanted);
  } finally {
    id("language").value = language; // what the page speaks, also where the words did not come
  }
  said = "";
  label();
  render();
}

// ---- the start ------------------------------------------------------------------------------

async function onLane(next) {
  const first = lane === null;
  lane = next;
  const due = lane.selling?.verdict_due_in_s;
  dueAt = due === null || due === undefined ? Infinity : performance.now() + due * 1000;
  if (first) {
    seenNotice = lane.notice?.number ?? null;
    buildKeypad();
    await changeLanguage(localStorage.getItem("language") ?? lane.language);
    if (lane.test) showDemo();
  }
  render();
}

function onConnected(now) {
  const changed = connected !== now;
  connected = now;
  if (changed) render();
}

async function onRefused(error) {
  if (!language) await speak("en").catch(() => {});
  id("lost").hidden = false;
  id("lost").textContent = error.code === "unauthorized" ? t("page.no_access") : t("page.lost");
}

id("charge").addEventListener("click", () => charge());
id("clear").addEventListener("click", () => press("clear"));
id("another").addEventListener("click", () => charge(true));
id("cancel").addEventListener("click", () => act("cancel"));
id("keep").addEventListener("click", () => act("keep", true));
id("reprint").addEventListener("click", () => act("receipt/print"));
id("new").addEventListener("click", leave);
id("language").addEventListener("change", (event) => changeLanguage(event.target.value));
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => event.target.closest("button")?.blur());
setInterval(() => {
  tick();
  if (performance.now() > dueAt + OVERDUE_GRACE_S * 1000) render();
}, 250);
follow({ changed: onLane, connected: onConnected, refused: onRefused });
