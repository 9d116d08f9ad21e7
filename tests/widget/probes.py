# SPDX-License-Identifier: Apache-2.0
"""Questions to the page that only its own script can answer: sizes, lines, and what screen readers are told."""

#: collects the text of rows that enter the log while it is live, in `window.announced`
LISTEN = """() => {
  const log = document.querySelector("pracha-chat").shadowRoot.querySelector("[role=log]");
  window.announced = [];
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes)
        if (node.nodeType === 1 && node.parentNode === log && log.getAttribute("aria-live") === "polite")
          window.announced.push(node.textContent);
  }).observe(log, { childList: true });
}"""

#: from the first moment of a page: whether the log is live whenever a row enters it, in `window.live`
WATCH_HISTORY = """(() => {
  window.live = [];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes)
        if (target.role === "log" && [...addedNodes].some((node) => node.nodeType === 1))
          window.live.push(target.getAttribute("aria-live"));
    }).observe(root, { childList: true, subtree: true });
    return root;
  };
})()"""

#: names of visible controls smaller than 24 by 24 px
SMALL_TARGETS = """() =>
  [...document.querySelector("pracha-chat").shadowRoot.querySelectorAll("button, textarea, a.action, .menu a")]
    .filter((one) => one.getClientRects().length > 0)
    .map((one) => [one.textContent.trim() || one.getAttribute("aria-label"), one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([name]) => name)"""

#: what sticks out of the window on the right (a carousel may), and "page" when the page scrolls sideways
STICKS_OUT = """() => {
  const root = document.querySelector("pracha-chat").shadowRoot;
  const wide = [...root.querySelectorAll(".row *, .head *, .tail *")]
    .filter((one) => !one.closest(".carousel, .sr, svg"))
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.className || one.tagName);
  if (document.documentElement.scrollWidth > innerWidth) wide.push("page");
  return wide;
}"""

#: font size, line height and letter spacing of an element
TYPE_OF = """(one) => {
  const style = getComputedStyle(one);
  return [parseFloat(style.fontSize), parseFloat(style.lineHeight), style.letterSpacing];
}"""

#: the first character of each visual line of an element's text
LINE_STARTS = """(one) => {
  const node = document.createTreeWalker(one, NodeFilter.SHOW_TEXT).nextNode();
  const range = document.createRange();
  const starts = [];
  let top = null;
  for (let at = 0; at < node.length; at++) {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const box = range.getClientRects()[0];
    if (!box || !box.width) continue;
    if (top === null || box.top > top + 8) {
      starts.push(node.data[at]);
      top = box.top;
    }
  }
  return starts;
}"""

#: every label of the widget outside the messages and the language switch
LABELS = """() =>
  [...document.querySelector("pracha-chat").shadowRoot.querySelectorAll("button, textarea, [aria-label]")]
    .filter((one) => !one.closest("[role=log]") && !one.classList.contains("switch"))
    .flatMap((one) => ["aria-label", "placeholder", "title"].map((name) => one.getAttribute(name)))
    .filter(Boolean)"""

#: distance in px of the newest row from the top of the visible log
NEWEST_ROW_TOP = """(log) =>
  log.lastElementChild.getBoundingClientRect().top - log.closest(".scroll").getBoundingClientRect().top"""

#: a page script that takes both stores away, as a sandboxed frame does
FORBID_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("no"); } });"""

#: replaces the remembered session by one that no server knows
FORGE_SESSION = """() => {
  const key = Object.keys(localStorage).find((one) => one.endsWith(":session"));
  localStorage.setItem(key, JSON.stringify({ session: "x", token: "made-up" }));
}"""

#: px between the lower edge of what is seen of the log and its end
TO_END = """() => {
  const box = document.querySelector("pracha-chat").shadowRoot.querySelector(".scroll");
  return box.scrollHeight - box.scrollTop - box.clientHeight;
}"""
