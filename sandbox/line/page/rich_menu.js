// SPDX-License-Identifier: Apache-2.0
// The rich menu: a picture with areas that can be tapped, opened and closed by the bar under the text field.

import { nameOf, tappable } from "./actions.js";
import { button, el, look } from "./element.js";
import { WORDS } from "./words.js";

/** The menu's part of the screen: `element`, `refresh()` asks the platform for it, `open(boolean)`. */
export function richMenu(chat) {
  const panel = el("div", { class: "menu-panel", id: "rich-menu", role: "group", hidden: true });
  const bar = button({ class: "menu-bar", "aria-controls": "rich-menu", hidden: true, on: { click: () => open(panel.hidden) } });
  let shown = null;

  function open(wanted) {
    panel.hidden = !(wanted && shown);
    bar.setAttribute("aria-expanded", String(!panel.hidden));
    chat.menuMoved(!panel.hidden);
  }

  async function refresh() {
    const { richMenu: menu, image } = await chat.phone.richMenu();
    if (menu?.richMenuId === shown?.richMenuId) return;
    const first = shown === null;
    shown = menu;
    bar.hidden = !menu;
    if (!menu) return open(false);
    bar.textContent = menu.chatBarText;
    panel.setAttribute("aria-label", menu.chatBarText);
    const had = panel.contains(document.activeElement);
    panel.replaceChildren(el("img", { src: image, alt: "" }), ...menu.areas.map((area, index) => drawArea(area, index, menu.size)));
    look(panel, { "aspect-ratio": `${menu.size.width} / ${menu.size.height}` });
    // After a switch the menu stays as it is; a first one opens as the bot wishes.
    open(first ? menu.selected : !panel.hidden);
    if (had) panel.querySelector(".area")?.focus();
  }

  function drawArea({ bounds, action }, index, size) {
    const area = tappable(action, chat, { class: "area", "aria-label": nameOf(action) || WORDS.area(index + 1) });
    const share = (part, whole) => `${(100 * part) / whole}%`;
    return look(area, {
      left: share(bounds.x, size.width),
      top: share(bounds.y, size.height),
      width: share(bounds.width, size.width),
      height: share(bounds.height, size.height),
    });
  }

  return { element: el("div", { class: "menu" }, bar, panel), refresh, open };
}
