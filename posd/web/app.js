// The cashier's page: what posd says, shown; what the cashier wants, asked. Rule: the page decides
// nothing about money. What it knows is in state.js, what it shows in screen.js, what is asked in
// asks.js and act-panel.js, keys and touches in hands.js.
import { checkAct, startActs } from "/static/act-panel.js";
import { follow, get } from "/static/api.js";
import { startFind } from "/static/find.js";
import { buildKeypad, startHands } from "/static/hands.js";
import { startHelp } from "/static/help.js";
import { showDemo } from "/static/lists.js";
import { label, render, watchTheClock } from "/static/screen.js";
import { startSounds } from "/static/sounds.js";
import { currentSale, isInLane, look, onChange, overNotice, state } from "/static/state.js";
import { language, speak, t } from "/static/words.js";

const id = (name) => document.getElementById(name);
const TICK_MS = 250;
let followed = null; // the number of the last notice that was looked into

async function changeLanguage(wanted) {
  localStorage.setItem("language", wanted);
  try {
    await speak(wanted);
  } finally {
    id("language").value = language; // what the page speaks, also where the words did not come
  }
  label();
  render();
}

async function onLane(next) {
  const first = state.lane === null;
  state.lane = next;
  const due = next.selling?.verdict_due_in_s;
  state.dueAt = due === null || due === undefined ? Infinity : performance.now() + due * 1000;
  if (first) {
    followed = next.notice?.number ?? null;
    overNotice();
    buildKeypad();
    await changeLanguage(localStorage.getItem("language") ?? next.language);
    if (next.test) showDemo();
  }
  render();
  checkAct(currentSale());
  await Promise.all([showScanned(), readAgain()]);
}

// The paper of a sale was scanned: whoever did so wants to see that sale.
async function showScanned() {
  const { notice, selling } = state.lane;
  if (!notice || notice.number === followed) return;
  followed = notice.number;
  if (notice.code !== "paper_scanned" || selling) return;
  const sale = await read(notice.details.order_id);
  if (sale && !state.lane.selling) look(sale);
}

// A sale that no list of the lane tells is asked for whenever something changed.
async function readAgain() {
  const sale = currentSale();
  if (!sale || isInLane(sale)) return;
  const fresh = await read(sale.id);
  if (!fresh || state.watched !== sale.id) return;
  state.lastSeen = fresh;
  render();
}

function read(name) {
  return get(`/v1/sales/${encodeURIComponent(name)}`).catch(() => null);
}

function onConnected(now) {
  const news = state.connected !== now;
  state.connected = now;
  if (news) render();
}

async function onRefused(error) {
  if (!language) await speak("en").catch(() => {});
  id("lost").hidden = false;
  id("lost").textContent = error.code === "unauthorized" ? t("page.no_access") : t("page.lost");
}

onChange(render);
startHands();
startActs();
startFind();
startHelp();
startSounds();
id("language").addEventListener("change", (event) => changeLanguage(event.target.value));
setInterval(watchTheClock, TICK_MS);
follow({ changed: onLane, connected: onConnected, refused: onRefused });
