// The parts round the amount: unfinished and recent sales, the demo's buttons.
// Rule: whatever they say comes from the catalogue, by code.
import { get, post } from "/static/api.js";
import { t } from "/static/words.js";
import { colour } from "/static/verdict.js";

const id = (name) => document.getElementById(name);

export function showSales(listId, titleId, sales, choose) {
  id(titleId).hidden = sales.length === 0;
  id(listId).replaceChildren(...sales.map((sale) => saleItem(sale, choose)));
}

function saleItem(sale, choose) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = colour(sale.verdict);
  const sum = document.createElement("span");
  sum.textContent = `${sale.amount} ${sale.currency}`;
  const word = document.createElement("span");
  word.textContent = t(`verdict.${sale.verdict}.title`);
  button.append(sum, word);
  button.addEventListener("click", () => choose(sale));
  item.append(button);
  return item;
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
