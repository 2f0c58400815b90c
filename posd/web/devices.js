// The strip of devices. Rule: a device is told by its condition's words, the next action with them.
import { t } from "/static/words.js";

const id = (name) => document.getElementById(name);

export function devicesOf(lane) {
  const gateway = { kind: "gateway", condition: lane.gateway.condition, ready: lane.gateway.condition !== "unreachable" };
  return [lane.scanner, lane.printer, lane.display, lane.drawer, gateway].filter(Boolean);
}

export function showDevices(lane) {
  const items = devicesOf(lane).map((device) => {
    const item = document.createElement("li");
    item.textContent = t(`${device.kind}.${device.condition}.title`);
    item.title = t(`${device.kind}.${device.condition}.next`);
    item.classList.toggle("bad", !device.ready);
    return item;
  });
  id("devices").replaceChildren(...items);
}
