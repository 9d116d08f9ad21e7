// SPDX-License-Identifier: Apache-2.0
// The lower edge of the chat: text field, emoji, stickers, pictures, files and places.

import { button, el, look } from "./element.js";
import { pickFiles } from "./files.js";
import { icon } from "./icons.js";
import { pickPlace } from "./places.js";
import { attempt } from "./sheet.js";
import { EMOJI, STICKERS } from "./stickers.js";
import { WORDS } from "./words.js";

const HIGHEST_PX = 118;

/** `element`; `write(words)` puts words into the field and the cursor behind them; `enable(boolean)`; `closeTrays()`. `covered()` is called when a tray or the keyboard takes the menu's place. */
export function composer(phone, { covered }) {
  const text = el("textarea", { rows: 1, maxlength: 5000, "aria-label": WORDS.message, placeholder: WORDS.message, on: { keydown, input: grow, focus: keyboard } });
  const send = el("button", { class: "icon send", "aria-label": WORDS.send }, icon("send"));
  const faces = tray("faces-tray", "face", WORDS.faces, [
    el("div", { class: "emoji", role: "group", "aria-label": WORDS.emoji }, ...EMOJI.map((drawn) => button({ text: drawn, on: { click: () => insert(drawn) } }))),
    el("div", { class: "stickers", role: "group", "aria-label": WORDS.stickers }, ...STICKERS.map(stickerButton)),
  ]);
  const more = tray("more-tray", "plus", WORDS.more, [
    el(
      "div",
      { class: "more" },
      moreButton("camera", WORDS.camera, () => pickFiles(phone, { accept: "image/*", capture: true })),
      moreButton("picture", WORDS.album, () => pickFiles(phone, { accept: "image/*,video/*", multiple: true })),
      moreButton("file", WORDS.file, () => pickFiles(phone, {})),
      moreButton("place", WORDS.location, () => pickPlace(phone)),
    ),
  ]);
  const trays = [faces, more];
  const form = el("form", { class: "write", on: { submit } }, more.button, faces.button, text, send);
  const element = el("div", { class: "composer" }, form, faces.panel, more.panel);

  function tray(id, sign, label, contents) {
    const panel = el("div", { class: "tray", id, hidden: true }, ...contents);
    const toggle = button({ class: "icon", "aria-label": label, "aria-expanded": "false", "aria-controls": id, on: { click: () => show(panel.hidden) } }, icon(sign));
    function show(open) {
      if (open) closeTrays();
      panel.hidden = !open;
      toggle.setAttribute("aria-expanded", String(open));
      if (open) covered();
    }
    return { panel, button: toggle, show };
  }

  function stickerButton({ drawn, name, ...ids }) {
    const act = () => attempt(() => phone.sticker({ packageId: ids.packageId, stickerId: ids.stickerId, keywords: ids.keywords }));
    return button({ "aria-label": WORDS.sticker(name), on: { click: act } }, drawn, el("small", { text: name }));
  }

  function moreButton(sign, label, act) {
    return button({ on: { click: () => (closeTrays(), act()) } }, icon(sign), label);
  }

  /** On a telephone the keyboard takes the place of trays and menu. */
  function keyboard() {
    closeTrays();
    covered();
  }

  function closeTrays() {
    for (const one of trays) if (!one.panel.hidden) one.show(false);
  }

  function keydown(event) {
    // Enter sends; while an input method composes a word, and with Shift, it does not.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  }

  async function submit(event) {
    event.preventDefault();
    const words = text.value;
    if (!words.trim()) return text.focus();
    text.value = "";
    grow();
    if (!(await attempt(() => phone.text(words))) && !text.value) text.value = words;
    text.focus();
  }

  function insert(drawn) {
    text.setRangeText(drawn, text.selectionStart, text.selectionEnd, "end");
    grow();
  }

  /** As high as its words, up to four lines: on a small telephone a sentence takes two. */
  function grow() {
    look(text, { height: "auto" });
    if (text.value) look(text, { height: `${Math.min(HIGHEST_PX, text.scrollHeight + 2)}px` });
  }

  function write(words) {
    text.value = words;
    grow();
    text.focus();
  }

  function enable(able) {
    for (const control of [text, send, faces.button, more.button]) control.disabled = !able;
    if (!able) closeTrays();
  }

  return { element, write, enable, closeTrays };
}
