// What is heard of a verdict. Rule: never a sound alone, and never one of what is only looked up;
// a doubt is repeated until somebody touches the screen or a key.
const TUNES = { // hertz and seconds, one after the other
  paid: [[1320, 0.15]],
  not_paid: [[300, 0.25], [300, 0.25]],
  doubt: [[660, 0.15], [660, 0.15], [660, 0.15]],
};
const OF_VERDICT = {
  PAID: "paid", NOT_PAID: "not_paid", NOT_CONFIRMED: "doubt", PAID_LATE: "doubt", CALL_SUPERVISOR: "doubt",
};
const GAP_S = 0.08;
const VOLUME = 0.3;
const REPEAT_MS = 4000;
export const QUIETABLE = [...Object.keys(TUNES), "colours"];

let audio = null;
let repeating = 0;
let heard = null; // the sale that is on the screen, and its verdict

// Called with what is on the screen whenever it is drawn.
export function sound(saleId, verdict) {
  const changed = heard?.saleId === saleId && heard.verdict !== verdict;
  const tune = OF_VERDICT[verdict];
  const same = heard?.saleId === saleId && heard.verdict === verdict;
  heard = { saleId, verdict };
  if (!same) hush();
  if (!changed || !tune) return;
  play(tune);
  if (tune === "doubt") repeat(tune);
}

function repeat(tune) {
  repeating = setInterval(() => play(tune), REPEAT_MS);
  document.body.dataset.repeats = tune;
}

function hush() {
  clearInterval(repeating);
  delete document.body.dataset.repeats;
}

function play(tune) {
  if (isQuiet(tune) || !navigator.userActivation?.hasBeenActive) return; // a browser plays none before a touch
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [hertz, seconds] of TUNES[tune]) {
    beep(hertz, at, seconds);
    at += seconds + GAP_S;
  }
}

function beep(hertz, at, seconds) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  volume.gain.value = VOLUME;
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + seconds);
}

// ---- what was turned off on this screen -----------------------------------------------------

function quiet() {
  return JSON.parse(localStorage.getItem("quiet") ?? "[]");
}

export function isQuiet(name) {
  return quiet().includes(name);
}

export function toggleQuiet(name) {
  const others = quiet().filter((one) => one !== name);
  localStorage.setItem("quiet", JSON.stringify(isQuiet(name) ? others : [...others, name]));
  showColours();
}

function showColours() {
  document.body.classList.toggle("plain", isQuiet("colours"));
}

export function startSounds() {
  showColours();
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, hush, { capture: true });
}
