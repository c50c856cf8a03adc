"""What can be wrong with a page that is open in a browser: axe's rules, and what axe cannot see."""

from pathlib import Path

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.0 to 2.2, levels A and AA, and what axe holds to be best practice."""
_AXE = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
_RUN = """
async (rules) => {
  const options = {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]};
  const {violations} = await axe.run(document, options);
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 120)}`);
}
"""
_LENGTHEN = r"""
() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    node.data = node.data.replace(/\p{L}{3,}/gu, (w) => w + w.slice(0, Math.ceil(w.length * 0.4)));
  }
}
"""
_STICKING_OUT = """
() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const out = [...document.querySelectorAll("body *")].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width && box.right > innerWidth + 1 && !e.closest(".scroll, .vh");
  });
  return [out.map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""}`)
    .slice(-3).join(", ")];
}
"""
_TORN = r"""
() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const torn = new Set(), range = document.createRange();
  const longest = innerWidth < 360 ? 14 : innerWidth < 700 ? 20 : 99;
  while (walker.nextNode()) {
    const node = walker.currentNode, within = node.parentElement;
    if (!within.checkVisibility() || within.closest(".vh, pre, code, textarea, select")) continue;
    const upright = getComputedStyle(within).writingMode.startsWith("vertical");
    for (const token of node.data.matchAll(/\S+/gu)) {
      const word = /^\P{L}*(\p{L}{4,})\P{L}*$/u.exec(token[0]);
      if (!word || word[1].length > longest) continue;
      const start = token.index + token[0].indexOf(word[1]);
      range.setStart(node, start);
      range.setEnd(node, start + word[1].length);
      const lines = [...range.getClientRects()].map((box) => upright ? box.left : box.top);
      if (Math.max(...lines) - Math.min(...lines) > 4) torn.add(word[1]);
    }
  }
  return [...torn];
}
"""
_NUMBER_TARGETS = """
() => {
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const found = [];
  for (const e of document.querySelectorAll(kinds)) {
    if (e.disabled || e.type === "hidden" || e.tabIndex < 0 || e.closest("[inert]")) continue;
    if (!e.checkVisibility({visibilityProperty: true})) continue;
    const inGroup = (o) => o.type === "radio" && o.name === e.name && o.form === e.form;
    if (e.type === "radio" && found.some(inGroup)) continue;  // arrows lead on within a group
    e.dataset.tabStop = found.push(e) - 1;
  }
  window.tabStops = found;
  document.body.tabIndex = -1;  // pages with an error give it the focus; here one begins at the top
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
  return found.length;
}
"""
_FOCUSED = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
  const on = document.elementFromPoint(x, y), label = e.labels?.[0];
  const inGroup = (o) => o.type === "radio" && o.name === e.name && o.form === e.form;
  const stop = e.type === "radio" ? window.tabStops.find(inGroup) : e;
  return {
    stop: Number(stop?.dataset.tabStop ?? -1),
    shown: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    free: !!on && (e.contains(on) || on.contains(e) || !!label?.contains(on)),
    html: e.outerHTML.replace(/\\s+/g, " ").slice(0, 120),
  };
}
"""
_SMALL = """
() => {
  const inWords = (e) => getComputedStyle(e).display === "inline"
    && [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && /\\p{L}{2}/u.test(n.data));
  const labels = (e) => [...(e.labels ?? [])].filter((l) => !l.matches(".vh"));
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.type !== "hidden")
    .filter((e) => !e.closest(".vh") && !e.matches(".skip") && !inWords(e))
    .filter((e) => [e, ...labels(e)].every((part) => {
      const box = part.getBoundingClientRect();
      return box.width && (box.height < 23.99 || box.width < 23.99);
    }))
    .map((e) => e.outerHTML.replace(/\\s+/g, " ").slice(0, 120));
}
"""


def prepare(page: Page) -> None:
    """Bring axe into a page that has just been loaded."""
    page.evaluate(_AXE)


def violations(page: Page) -> list[str]:
    """Return the rules that the page breaks, each with the first place where it does."""
    found: list[str] = page.evaluate(_RUN, RULES)
    return found


def sticking_out(page: Page) -> list[str]:
    """Return what makes the page scroll sideways; nothing if it does not."""
    found: list[str] = page.evaluate(_STICKING_OUT)
    return found


def small_targets(page: Page) -> list[str]:
    """Return what is narrower or lower than 24 px and can be hit; links within a sentence may be,
    and a box counts as large as its label.
    """
    found: list[str] = page.evaluate(_SMALL)
    return found


def torn_words(page: Page) -> list[str]:
    """Return the words that go on in another line without a hyphen, but for addresses, names of
    files, and the longest ones on a phone, which browsers hyphenate if they can.
    """
    found: list[str] = page.evaluate(_TORN)
    return found


def beyond_the_keyboard(page: Page) -> list[str]:
    """Return what the Tab key does not reach, where it is not to be seen what has the focus, and
    what covers it; goes through the page from its beginning to its end.
    """
    expected = page.evaluate(_NUMBER_TARGETS)
    wrong, reached = [], set()
    for _ in range(expected + 5):
        page.keyboard.press("Tab")
        now = page.evaluate(_FOCUSED)
        if now is None or now["stop"] in reached:
            break
        if now["stop"] >= 0:  # else something that scrolls by itself
            reached.add(now["stop"])
        wrong += [] if now["shown"] else [f"no focus to be seen: {now['html']}"]
        wrong += [] if now["free"] else [f"covered when focused: {now['html']}"]
    missed = sorted(set(range(expected)) - reached)
    names = page.evaluate(
        "(all) => all.map((n) => window.tabStops[n].outerHTML.slice(0, 120))", missed
    )
    return [*wrong, *(f"not reached: {name}" for name in names)]


def lengthen(page: Page) -> None:
    """Make each word of the page 40 % longer, as a language with longer words would."""
    page.evaluate(_LENGTHEN)
