"""What is wrong with a screen as it stands: clipped, covered, too small to touch, too wide.

The rule: it asks the browser for what was laid out; it knows no element of the page by name but
those that may scroll.
"""

from __future__ import annotations

from playwright.sync_api import Page

TARGET_PX = 64
SCROLLERS = "#side, #verdict, main, #act-body, #find-body, #find-sales, #help-body"

_AUDIT = """([target, scrollers]) => {
  const wrong = [];
  const seen = (e) => e.checkVisibility({ visibilityProperty: true })
    && !e.closest(".visually-hidden") && !(e instanceof SVGElement);
  const name = (e) => e.id ? `#${e.id}` : `${e.tagName} ${e.textContent.trim().slice(0, 30)}`;
  const scroller = (e) => {
    let found = e.parentElement?.closest(scrollers);
    while (found && found.scrollHeight <= found.clientHeight + 1) {
      found = found.parentElement.closest(scrollers);
    }
    return found ?? null;
  };
  const inside = (r, o) => r.left >= o.left - 1 && r.right <= o.right + 1
    && r.top >= o.top - 1 && r.bottom <= o.bottom + 1;
  const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const top = document.querySelector("dialog[open]") ?? document.body; // what is below waits
  const all = [...top.querySelectorAll("*")].filter(seen);

  for (const e of [document.documentElement, document.body, ...all]) {
    if (!e.clientWidth || e.tagName === "SELECT") continue;
    if (e.scrollWidth > e.clientWidth + 1) wrong.push(`${name(e)} is wider than its place`);
    const leading = 0.45 * parseFloat(getComputedStyle(e).fontSize); // of a font, without ink
    if (e.scrollHeight > e.clientHeight + leading && !e.matches(scrollers)) {
      wrong.push(`${name(e)} is higher than its place`);
    }
  }
  for (const e of all.filter((one) => one.matches("button, select"))) {
    const r = e.getBoundingClientRect();
    if (r.width < target - 0.5 || r.height < target - 0.5) {
      wrong.push(`${name(e)} is ${r.width} x ${r.height}`);
    }
    if (!scroller(e) && !inside(r, screen)) wrong.push(`${name(e)} is off the screen`);
  }
  const texts = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || !seen(e) || e.tagName === "OPTION") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const frame = scroller(e)?.getBoundingClientRect() ?? screen;
    for (const r of range.getClientRects()) {
      const middle = (r.top + r.bottom) / 2;
      if (scroller(e) && (r.top < frame.top || r.bottom > frame.bottom)) continue; // scrolled away
      for (const x of [r.left + 2, r.right - 2]) {
        const there = document.elementFromPoint(x, middle);
        if (!there) wrong.push(`"${node.data.trim()}" is off the screen`);
        else if (!there.contains(e) && !e.contains(there)) {
          wrong.push(`"${node.data.trim()}" is covered by ${name(there)}`);
        }
      }
    }
  }
  return [...new Set(wrong)];
}"""


def audit(page: Page) -> list[str]:
    """Sentences about what is wrong; none where all is well."""
    wrong: list[str] = page.evaluate(_AUDIT, [TARGET_PX, SCROLLERS])
    return wrong
