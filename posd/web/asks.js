// What the cashier asks of posd. Rule: an ask whose answer was lost is repeated with its own key,
// and none is made twice while it is under way.
import { Problem, post } from "/static/api.js";
import { Amount } from "/static/keypad.js";
import { changed, currentSale, overNotice, state } from "/static/state.js";

export const amount = new Amount();
export const underway = new Set(); // one holds up no other

// Kept until an answer was read, so that a lost answer or a reload repeats the same request.
function pendingSale(anotherCustomer) {
  const kept = JSON.parse(sessionStorage.getItem("pending") ?? "null");
  if (kept && kept.body.amount === amount.text && kept.body.another_customer === anotherCustomer) return kept;
  const body = { reference: `page-${crypto.randomUUID()}`, amount: amount.text, currency: state.lane.currency, another_customer: anotherCustomer };
  const fresh = { key: crypto.randomUUID(), body };
  sessionStorage.setItem("pending", JSON.stringify(fresh));
  return fresh;
}

export async function charge(anotherCustomer = false) {
  if (!state.lane || !amount.isPositive) return;
  amount.text = amount.text.replace(/\.$/, "");
  await ask("charge", async () => {
    const sale = await post("/v1/sales", pendingSale(anotherCustomer));
    sessionStorage.removeItem("pending");
    state.watched = sale.id;
    state.lastSeen = sale;
    amount.press("clear");
  });
}

export async function act(verb, withSeq = false) {
  const sale = currentSale();
  if (!sale) return;
  const path = `/v1/sales/${encodeURIComponent(sale.id)}/${verb}`;
  await ask(verb, async () => {
    const told = await attempt(path, withSeq ? sale.seq : undefined);
    if (state.watched === told.id) state.lastSeen = told; // an old sale is in no list of the lane
  });
}

const attempts = new Map(); // path -> the key of a request whose answer was not read

async function attempt(path, seq) {
  if (!attempts.has(path)) attempts.set(path, crypto.randomUUID());
  try {
    const told = await post(path, { key: attempts.get(path), seq });
    attempts.delete(path);
    return told;
  } catch (error) {
    if (error instanceof Problem) attempts.delete(path);
    throw error;
  }
}

// Asked also where nothing tells of a drawer: one without a switch is not seen.
export async function openDrawer() {
  await ask("drawer", () => post("/v1/devices/drawer", { key: crypto.randomUUID() }));
}

export async function ask(name, work) {
  if (underway.has(name)) return;
  underway.add(name);
  state.problem = null;
  overNotice();
  try {
    await work();
  } catch (error) {
    if (error instanceof Problem) sessionStorage.removeItem("pending");
    state.problem = error instanceof Problem ? error : { code: "", asked: name };
  }
  underway.delete(name);
  changed();
}

export function press(key) {
  state.problem = null;
  state.seenNotice = state.shownNotice;
  amount.press(key);
  changed();
}
