// What the page knows: the lane as it was told last, and the sale on the screen.
// Rule: all of it was said by posd; the page adds only which of it is looked at.

export const state = {
  lane: null,
  connected: false,
  watched: null, // the id of the sale on the screen, also after it left the counter
  lastSeen: null, // that sale as it was told last
  problem: null,
  dueAt: Infinity,
  shownNotice: null, // the number of the notice on the screen
  seenNotice: null, // the number of the last one that is over
};

let redraw = () => {};

export function onChange(listener) {
  redraw = listener;
}

export function changed() {
  redraw();
}

function told() {
  const { lane } = state;
  return [lane.selling, lane.last, ...lane.unfinished, ...lane.recent].filter(Boolean);
}

export function isInLane(sale) {
  return told().some((one) => one.id === sale.id);
}

export function currentSale() {
  const { lane } = state;
  if (!lane) return null;
  if (lane.selling) state.watched = lane.selling.id;
  if (!state.watched) return null;
  const found = told().find((sale) => sale.id === state.watched);
  const kept = state.lastSeen?.id === state.watched ? state.lastSeen : null;
  // An answer may overtake the lane that tells the same: the newer of the two is true.
  state.lastSeen = found && !(kept && kept.seq > found.seq) ? found : kept;
  return state.lastSeen;
}

export function look(sale) {
  state.watched = sale.id;
  state.lastSeen = sale;
  state.problem = null;
  changed();
}

export function leave() {
  if (state.lane?.selling) return;
  state.watched = null;
  state.problem = null;
  overNotice();
  changed();
}

// What was said until now is over.
export function overNotice() {
  state.seenNotice = state.lane?.notice?.number ?? null;
}
