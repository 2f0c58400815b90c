// Words by code, in the language of the lane or the one that was chosen. Rule: a missing word
// shows its code; it never hides what happened.
import { get } from "/static/api.js";

let words = {};
export let language = "";

export async function speak(wanted) {
  const own = await get(`/static/words/${wanted}.json`);
  const shared = await get(`/v1/words/${wanted}`).catch(() => ({}));
  words = { ...own, ...shared };
  language = wanted;
  document.documentElement.lang = wanted;
}

export function has(key) {
  return Object.hasOwn(words, key);
}

export function t(key, details = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => details[name] ?? all);
}
