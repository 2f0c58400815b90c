// The screen: one sale full size, or the till. Rule: it shows what posd says and decides nothing.
import { amount, underway } from "/static/asks.js";
import { showDevices } from "/static/devices.js";
import { labelSwitches, showHelp } from "/static/help.js";
import { labelDemo, showSales } from "/static/lists.js";
import { sound } from "/static/sounds.js";
import { changed, currentSale, look, state } from "/static/state.js";
import { showVerdict, shownVerdict } from "/static/verdict.js";
import { language, noticeText, t } from "/static/words.js";

const id = (name) => document.getElementById(name);
const OVERDUE_GRACE_S = 2;
const ALARMS = ["NOT_PAID", "NOT_CONFIRMED", "PAID_LATE", "CALL_SUPERVISOR"];
const LISTED = 3;
const LABELS = {
  charge: "page.charge", clear: "page.clear", another: "page.another_customer", cancel: "page.cancel",
  keep: "page.keep", reprint: "page.reprint", new: "page.new_sale", refund: "page.act.refund.title",
  void: "page.act.void.title", capture: "page.act.capture.title", abandon: "page.act.abandon.title",
  reverse: "page.act.reverse.title", accept: "page.act.accept.title", settle: "page.act.settle.title",
  "unfinished-title": "page.unfinished", "recent-title": "page.recent", "seconds-word": "page.seconds",
  "language-word": "page.language", "act-back": "page.back_out",
  "find-open": "page.find", "find-title": "page.find", "find-go": "page.find.go", "find-back": "page.back_out",
  "find-more": "page.find.more", "help-open": "page.help", "help-title": "page.help", "help-back": "page.back_out",
  "help-devices-title": "page.devices", "help-keys-title": "page.keys", "help-switches-title": "page.switches",
  drawer: "page.drawer",
};
const SHORTCUTS = {
  charge: "Enter", clear: "Esc", cancel: "Esc", new: "Esc", reprint: "F4", void: "F6", refund: "F7",
  "find-open": "F3", "help-open": "F1", drawer: "F9",
};

let said = "";
let lastVerdict = "";

export function render() {
  const { lane, connected } = state;
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
  id("drawer").hidden = !lane.drawer;
  if (id("help").open) showHelp();
  renderNotice(Boolean(sale));
}

function renderSale(sale) {
  state.dueAt = sale.verdict === "WORKING" ? state.dueAt : Infinity;
  const verdict = shownVerdict(sale, { connected: state.connected, overdue: isOverdue() });
  if (verdict !== lastVerdict && !stays(verdict)) state.seenNotice = state.shownNotice; // what was said before is over
  lastVerdict = verdict;
  showVerdict(sale, verdict);
  id("countdown").hidden = verdict !== "WORKING";
  tick();
  sound(sale.id, verdict);
  announce(verdict, `${t(`verdict.${verdict}.title`)}. ${id("sum").textContent}. ${id("next").textContent}`);
}

function renderTill() {
  const { lane } = state;
  lastVerdict = "";
  sound("", "READY");
  announce("READY", t("verdict.READY.title"));
  renderAmount();
  id("another").hidden = state.problem?.code !== "same_amount_unresolved";
  const recent = lane.recent.filter((sale) => !lane.unfinished.some((open) => open.id === sale.id));
  showSales("unfinished", "unfinished-title", lane.unfinished, look);
  showSales("recent", "recent-title", recent.slice(0, LISTED), look);
}

function renderAmount() {
  amount.currency = state.lane.currency;
  const unit = document.createElement("small");
  unit.textContent = ` ${state.lane.currency}`;
  id("amount").replaceChildren(amount.text || "0", unit);
  id("charge").disabled = underway.has("charge");
}

function renderNotice(onVerdict) {
  const { lane, problem } = state;
  let text = "";
  state.shownNotice = lane.notice?.number ?? null;
  if (problem) text = problem.code ? noticeText(problem.code, problem.details, problem.title) : t(problem.asked === "charge" ? "page.unclear" : "page.unclear_act");
  else if (lane.notice && lane.notice.number !== state.seenNotice) text = noticeText(lane.notice.code, lane.notice.details);
  else if (lane.hindrances.length && !onVerdict) text = noticeText(lane.hindrances[0], {});
  id("hint").textContent = text || amount.text ? "" : t("verdict.READY.next");
  id("notice").textContent = onVerdict ? "" : text;
  id("verdict-notice").textContent = onVerdict ? text : "";
}

// Why the sale is shown, and that the code was perhaps none of LINE Pay's, outlast the verdict.
function stays(verdict) {
  const code = state.lane.notice?.code ?? "";
  return code === "paper_scanned" || (verdict === "NOT_PAID" && code.startsWith("doubt_"));
}

function announce(verdict, text) {
  if (text === said) return;
  said = text;
  const alarm = ALARMS.includes(verdict);
  id("alarm").textContent = alarm ? text : "";
  id("say").textContent = alarm ? "" : text;
}

function isOverdue() {
  return performance.now() > state.dueAt + OVERDUE_GRACE_S * 1000;
}

// The countdown goes on between two tellings; at its end the screen is drawn anew.
export function tick() {
  const seconds = Math.max(0, Math.ceil((state.dueAt - performance.now()) / 1000));
  id("seconds").textContent = Number.isFinite(seconds) ? String(seconds) : "";
}

export function watchTheClock() {
  tick();
  if (isOverdue()) changed();
}

// All that stands still on the page, in the language that was chosen.
export function label() {
  said = "";
  for (const [name, key] of Object.entries(LABELS)) {
    id(name).textContent = t(key);
    if (!SHORTCUTS[name]) continue;
    const hint = document.createElement("kbd");
    hint.textContent = SHORTCUTS[name];
    id(name).append(hint);
  }
  id("devices").setAttribute("aria-label", t("page.devices"));
  id("demo").setAttribute("aria-label", t("page.demo"));
  labelDemo();
  labelSwitches();
  id("find-name").placeholder = t("page.find.name");
  id("find-name").setAttribute("aria-label", t("page.find.name"));
  id("find-earlier").setAttribute("aria-label", t("page.find.earlier"));
  id("find-later").setAttribute("aria-label", t("page.find.later"));
  for (const button of document.querySelectorAll('[data-key="back"]')) button.setAttribute("aria-label", t("page.back"));
}
