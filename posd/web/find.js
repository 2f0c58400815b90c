// Finding a sale: by any of its names, or in the list of a day. Rule: what is found is what posd
// says of it now; the list is read anew whenever it is opened.
import { Problem, get } from "/static/api.js";
import { fillSales } from "/static/lists.js";
import { buildPad } from "/static/pad.js";
import { look, state } from "/static/state.js";
import { language, noticeText, t } from "/static/words.js";

const id = (name) => document.getElementById(name);
const PAD = ["1", "2", "3", "back", "4", "5", "6", "0", "7", "8", "9", "R"];
const PAGE_OF = 20;
const DAY_MS = 86_400_000;

let daysAgo = 0;
let listed = [];
let asked = 0; // the list asked for last is shown, in whatever order the answers come

export function openFind() {
  if (document.querySelector("dialog[open]") || state.lane?.selling) return;
  daysAgo = 0;
  id("find-name").value = "";
  tell("");
  id("find").showModal();
  readDay();
}

export async function findByName() {
  const name = id("find-name").value.trim();
  if (!name) return;
  try {
    choose(await get(`/v1/sales/${encodeURIComponent(name)}`));
  } catch (error) {
    tell(error instanceof Problem ? noticeText(error.code, error.details, error.title) : t("page.no_answer"));
  }
}

function choose(sale) {
  id("find").close();
  look(sale);
}

function readDay() {
  listed = [];
  showDay();
  return readMore();
}

async function readMore(before) {
  const mine = ++asked;
  const older = before ? `&before=${before}` : "";
  try {
    const told = await get(`/v1/sales?date=${dayText()}&limit=${PAGE_OF}${older}`);
    if (mine !== asked) return;
    listed = [...listed, ...told.sales];
    tell(listed.length ? "" : t("page.find.none"));
    showDay(told.next_before);
  } catch {
    if (mine === asked) tell(t("page.no_answer"));
  }
}

function day() {
  return new Date(Date.now() - daysAgo * DAY_MS);
}

// As the calendar of this machine has it, which is the lane's.
function dayText() {
  const two = (number) => String(number).padStart(2, "0");
  return `${day().getFullYear()}-${two(day().getMonth() + 1)}-${two(day().getDate())}`;
}

function showDay(next = null) {
  const date = new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(day());
  id("find-day").textContent = daysAgo === 0 ? `${t("page.today")} · ${date}` : date;
  id("find-later").disabled = daysAgo === 0;
  fillSales("find-list", listed, choose);
  id("find-more").hidden = next === null;
  id("find-more").onclick = () => readMore(next);
}

function turn(days) {
  daysAgo = Math.max(0, daysAgo + days);
  readDay();
}

function pressName(key) {
  const box = id("find-name");
  box.value = key === "back" ? box.value.slice(0, -1) : box.value + key;
}

function tell(text) {
  id("find-notice").textContent = text;
}

export function startFind() {
  buildPad("find-pad", PAD, pressName);
  id("find-open").addEventListener("click", openFind);
  id("find-go").addEventListener("click", findByName);
  id("find-back").addEventListener("click", () => id("find").close());
  id("find-earlier").addEventListener("click", () => turn(1));
  id("find-later").addEventListener("click", () => turn(-1));
}
