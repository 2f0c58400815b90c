// The parts round the amount: unfinished and recent sales, the demo's buttons.
// Rule: whatever they say comes from the catalogue, by code.
import { get, post } from "/static/api.js";
import { language, t } from "/static/words.js";
import { colour } from "/static/verdict.js";

const id = (name) => document.getElementById(name);

export function showSales(listId, titleId, sales, choose) {
  id(titleId).hidden = sales.length === 0;
  fillSales(listId, sales, choose);
}

export function fillSales(listId, sales, choose) {
  id(listId).replaceChildren(...sales.map((sale) => saleItem(sale, choose)));
}

function saleItem(sale, choose) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = colour(sale.verdict);
  button.title = sale.receipt_number;
  button.append(...[clockTime(sale), `${sale.amount} ${sale.currency}`, t(`verdict.${sale.verdict}.title`)].map((text) => {
    const part = document.createElement("span");
    part.textContent = text;
    return part;
  }));
  button.addEventListener("click", () => choose(sale));
  item.append(button);
  return item;
}

function clockTime(sale) {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(sale.opened_at));
}

export async function showDemo() {
  const found = await get("/v1/demo").catch(() => null);
  if (!found) return;
  id("demo").hidden = false;
  id("demo").replaceChildren(...found.buttons.map(demoButton));
  labelDemo();
}

export function labelDemo() {
  for (const button of id("demo").children) button.textContent = t(`page.demo.${button.dataset.act}`);
}

function demoButton({ id: name }) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.act = name;
  button.addEventListener("click", () => {
    button.blur();
    post(`/v1/demo/${encodeURIComponent(name)}`).catch(() => {});
  });
  return button;
}
