// One sale, full screen: a word, an icon and a colour together, always the three of them.
import { ACTS, actsOf, left } from "/static/acts.js";
import { state } from "/static/state.js";
import { t, has } from "/static/words.js";

const LOOK = {
  WAITING: ["blue", "scan"],
  WORKING: ["blue", "working"],
  PAID: ["green", "paid"],
  NOT_PAID: ["red", "notpaid"],
  AUTHORIZED: ["blue", "working"],
  VOIDED: ["blue", "notpaid"],
  REFUNDED: ["blue", "paid"],
  REFUND_OWED: ["amber", "doubt"],
  PAID_LATE: ["amber", "doubt"],
  NOT_CONFIRMED: ["amber", "doubt"],
  CALL_SUPERVISOR: ["amber", "doubt"],
};
const OPEN = ["WAITING", "WORKING"];
const id = (name) => document.getElementById(name);

export const colour = (verdict) => (LOOK[verdict] ?? LOOK.CALL_SUPERVISOR)[0];

// What the screen may say: when posd has vanished in the middle, nobody knows any more.
export function shownVerdict(sale, { connected, overdue }) {
  const open = OPEN.includes(sale.verdict);
  return (open && !connected) || (sale.verdict === "WORKING" && overdue) ? "NOT_CONFIRMED" : sale.verdict;
}

export function showVerdict(sale, verdict) {
  const [tint, icon] = LOOK[verdict] ?? LOOK.CALL_SUPERVISOR;
  const screen = id("verdict");
  screen.className = tint;
  screen.dataset.verdict = verdict;
  id("icon").setAttribute("href", `#${icon}`);
  id("title").textContent = t(`verdict.${verdict}.title`);
  id("sum").textContent = `${sale.amount} ${sale.currency}`;
  id("next").textContent = nextStep(sale, verdict);
  id("why").textContent = why(sale, verdict);
  id("customer").textContent = wished(sale, verdict, "customer") ?? t(`verdict.${verdict}.customer`);
  id("order").textContent = [sale.receipt_number, sale.transaction_id ?? sale.order_id].join("  ·  ");
  showButtons(sale, verdict);
  showReceipt(sale, verdict);
}

function nextStep(sale, verdict) {
  const asWished = wished(sale, verdict, "next");
  if (asWished) return asWished;
  const better = `next.${sale.next_action}`;
  return verdict === "NOT_PAID" && has(better) ? t(better) : t(`verdict.${verdict}.next`);
}

// Once it was decided not to wait, the decision says what is next; waiting is over.
function wished(sale, verdict, part) {
  if (verdict !== "NOT_CONFIRMED" || sale.wish === "WANTED") return null;
  return t(`page.wish.${sale.wish_because || "accepted"}.${part}`);
}

function why(sale, verdict) {
  const told = [];
  if (verdict === "NOT_PAID" && sale.because) told.push(t(`reason.${sale.because}`));
  if (verdict === "NOT_PAID" && sale.because === "declined") told.push(t(has(`linepay.${sale.code}`) ? `linepay.${sale.code}` : "linepay.unknown"));
  if (["WORKING", "NOT_CONFIRMED"].includes(verdict) && sale.awaiting_customer) told.push(t("notice.customer_must_confirm"));
  if (verdict === "NOT_CONFIRMED" && sale.wish === "WANTED" && state.connected) told.push(t("next.wait"));
  if (verdict === "WAITING" && !state.lane.scanner.ready) told.push(device(state.lane.scanner));
  if (verdict === "PAID") told.push(paper(sale));
  if (sale.state !== "REVERSED" && Number(sale.refunded) > 0) told.push(t("page.given_back", { refunded: `${sale.refunded} ${sale.currency}`, left: `${left(sale)} ${sale.currency}` }));
  for (const reason of sale.attention) told.push(t(`attention.${reason}`));
  return told.join(" ");
}

function device({ kind, condition }) {
  return `${t(`${kind}.${condition}.title`)}: ${t(`${kind}.${condition}.next`)}`;
}

function paper(sale) {
  const state = t(`page.receipt.${sale.receipt}`);
  const obstacle = `printer.${sale.receipt_because}`;
  if (sale.receipt !== "HELD" || !has(`${obstacle}.title`)) return state;
  return `${state} ${t(`${obstacle}.title`)}: ${t(`${obstacle}.next`)}`;
}

function showButtons(sale, verdict) {
  id("cancel").hidden = verdict !== "WAITING";
  const offered = state.connected && verdict === sale.verdict ? actsOf(sale) : []; // of who is gone nothing is asked
  for (const name of ["keep", ...Object.keys(ACTS)]) id(name).hidden = !offered.includes(name);
  id("reprint").hidden = verdict !== "PAID" || ["PRINTING", "HELD"].includes(sale.receipt);
  id("new").hidden = OPEN.includes(sale.verdict); // a sale that may be open is not left
}

function showReceipt(sale, verdict) {
  const picture = id("receipt");
  const source = `/v1/sales/${encodeURIComponent(sale.id)}/receipt.png?copy=${sale.copies}`;
  const wanted = verdict === "PAID";
  picture.alt = t("page.receipt.picture");
  picture.hidden = !wanted || picture.dataset.loaded !== source;
  if (!wanted || picture.dataset.source === source) return;
  picture.dataset.source = source;
  picture.onload = () => {
    picture.dataset.loaded = source;
    picture.hidden = id("verdict").dataset.verdict !== "PAID";
  };
  picture.src = source;
}
