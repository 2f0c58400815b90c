// Words by code, in the language of the lane or the one that was chosen. Rule: a missing word
// shows its code; it never hides what happened.
import { get } from "/static/api.js";

let words = {};
export let language = "";

let asked = 0;

// The choice made last wins, in whatever order the words arrive; a reading that failed is read once more.
export async function speak(wanted) {
  const mine = ++asked;
  const read = (path) => get(path).catch(() => get(path));
  const [own, shared] = await Promise.all([
    read(`/static/words/${wanted}.json`),
    read(`/v1/words/${wanted}`).catch(() => ({})),
  ]);
  if (mine !== asked) return;
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

// A refusal or a passing message, by its code.
export function noticeText(code, details, title) {
  return has(`notice.${code}`) ? t(`notice.${code}`, details) : title || code;
}
