// The page of the stand-in: asks the control calls every second and shows what they tell.
// Everything from the stand-in goes into the page as text, never as markup.

const EVERY_MS = 1000;
const SHOWN_ORDERS = 200;
const at = (id) => document.getElementById(id);
let shown = null; // the key on the screen: {one_time_key, expires_s}

async function call(method, path, body) {
  const answer = await fetch(path, { method, body: body && JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return told;
}

function members(form) {
  return Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
}

function row(cells, numbers = []) {
  const line = document.createElement("tr");
  cells.forEach((text, index) => {
    const cell = line.insertCell();
    cell.textContent = text ?? "";
    if (numbers.includes(index)) cell.className = "number";
  });
  return line;
}

// Answers of calls that were made by a person say what was wrong beside the form.
function onSubmit(id, act) {
  at(id).addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await act(members(event.target));
      at(`${id}-problem`).textContent = "";
    } catch (problem) {
      at(`${id}-problem`).textContent = problem.message;
    }
    refresh();
  });
}

onSubmit("mint", async (asked) => {
  const { one_time_key: key } = await call("POST", "keys", asked);
  const { keys } = await call("GET", "keys");
  shown = keys.find((waiting) => waiting.one_time_key === key);
  at("qr").src = `codes/${key}/qr.svg`;
  at("bars").src = `codes/${key}/code128.svg`;
  at("digits").value = key.replace(/(\d{4})(?=\d)/g, "$1 ");
  at("code").hidden = false;
});

onSubmit("arm", async (asked) => {
  await call("POST", "faults", { ...asked, count: Number(asked.count ?? 1) });
});

at("clear").addEventListener("click", async () => {
  await call("DELETE", "faults");
  refresh();
});

function tellShown(keys, now_s) {
  if (!shown) return;
  const waits = keys.some((key) => key.one_time_key === shown.one_time_key);
  const left_s = Math.max(0, Math.ceil(shown.expires_s - now_s));
  const clock = `${Math.floor(left_s / 60)}:${String(left_s % 60).padStart(2, "0")}`;
  at("left").textContent = waits ? `good for ${clock}` : left_s ? "used" : "expired";
  at("code").classList.toggle("spent", !waits);
}

async function refresh() {
  try {
    const [{ orders }, { faults }, stats, { keys }, clock] = await Promise.all(
      [`orders?last=${SHOWN_ORDERS}`, "faults", "stats", "keys", "clock"].map((path) => call("GET", path)),
    );
    at("orders").replaceChildren(
      ...orders.reverse().map((o) => row(
        [o.order_id, o.status ?? "never executed", o.stage, o.amount && `${o.amount} ${o.currency}`,
          o.captured, o.refunded, o.transaction_id, o.pay_requests],
        [3, 4, 5, 7],
      )),
    );
    at("armed").replaceChildren(
      ...faults.map((f) => row([f.operation, f.fault, f.left ?? "no end", f.order_id ?? "any", f.probability])),
    );
    at("none").hidden = orders.length > 0;
    at("stats").textContent = `pay requests: ${stats.pay_requests}, charges: ${stats.charges}, `
      + `refunds: ${stats.refunds}, checks: ${stats.check_requests}`
      + (orders.length === SHOWN_ORDERS ? `; below the latest ${SHOWN_ORDERS} orders` : "");
    tellShown(keys, clock.now_s);
    at("lost").hidden = true;
  } catch {
    at("lost").hidden = false;
  }
}

refresh();
setInterval(refresh, EVERY_MS);
