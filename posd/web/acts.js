// What may be asked of a sale, by where its money is. Rule: no button is shown for what the API
// would refuse whoever asked; who may is the API's to say, by role and cap.
const DECIMALS = { TWD: 0, THB: 2, USD: 2 };

// state of the sale -> its acts, in the order of their buttons (docs/reference/state-machines)
const OF_STATE = {
  SENT: ["abandon", "accept"],
  UNKNOWN: ["abandon", "accept"],
  AUTHORIZED: ["capture", "void"],
  CONFIRMED: ["keep", "reverse", "refund"],
  REVERSAL_UNKNOWN: ["settle"],
  REFUND_OWED: ["settle"],
};

const ONLY_WHERE = {
  abandon: (sale) => sale.verdict !== "WORKING" && sale.wish !== "ACCEPTED",
  accept: (sale) => sale.verdict !== "WORKING" && sale.wish === "WANTED",
  keep: (sale) => sale.verdict === "PAID_LATE",
  reverse: (sale) => sale.verdict === "PAID_LATE",
  refund: (sale) => sale.verdict !== "PAID_LATE" && Number(left(sale)) > 0,
};

// How each is asked. `choices` set members of the body, one of them must be chosen; `reasons` are
// ready ones, their words are `page.reason.<code>`; `who`: a cashier alone may never do it.
export const ACTS = {
  refund: { path: "refunds", reasons: ["returned", "wrong_amount", "mistake"], part: true, who: true },
  void: { path: "void", reasons: ["returned", "wrong_amount", "mistake"], who: true },
  capture: { path: "capture", reasons: [], part: true },
  abandon: { path: "abandon", choices: [because("paid_otherwise"), because("goods_kept"), because("goods_gone")], reasons: [] },
  reverse: { path: "abandon", choices: [because("paid_otherwise"), because("goods_kept")], reasons: [] },
  accept: { path: "accept", reasons: ["shown_on_phone", "known_customer"], who: true },
  settle: { path: "settle", choices: [settled("yes", true), settled("no", false)], reasons: ["seen_at_line_pay", "paid_in_cash"], who: true },
};

function because(code) {
  return { code, members: { because: code }, who: code === "goods_gone" };
}

function settled(code, givenBack) {
  return { code, members: { given_back: givenBack }, who: true };
}

export function actsOf(sale) {
  return (OF_STATE[sale.state] ?? []).filter((name) => !ONLY_WHERE[name] || ONLY_WHERE[name](sale));
}

// What LINE Pay took and did not give back, as a decimal string.
export function left(sale) {
  return (Number(sale.captured) - Number(sale.refunded)).toFixed(DECIMALS[sale.currency] ?? 2);
}
