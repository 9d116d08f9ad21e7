// SPDX-License-Identifier: Apache-2.0
// The rows of the conversation: one for each message, with who, when, whether read, and what can be done with it.

import { copy } from "./actions.js";
import { button, el } from "./element.js";
import { icon } from "./icons.js";
import { drawMessage, toldAs } from "./messages.js";
import { attempt, chooseFrom, fillIn, openSheet } from "./sheet.js";
import { WORDS } from "./words.js";

const LONG_PRESS_MS = 500;
const CLOCK = new Intl.DateTimeFormat("th-TH", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" });
const DAY = new Intl.DateTimeFormat("th-TH-u-ca-buddhist", { dateStyle: "long", timeZone: "Asia/Bangkok" });

/** A line with the day, as it stands above its first message. */
export function dayRow(at) {
  return el("p", { class: "day", text: DAY.format(at) });
}

export const dayOf = (at) => DAY.format(at);

/** A line in the middle of the conversation. */
export const remark = (words) => el("p", { class: "remark", text: words });

/** The row of a message; it knows its `entry` and can `redraw(message)` and `markRead()`. */
export function messageRow(entry, chat) {
  const mine = entry.sender !== "bot";
  const body = el("div", { class: "body" });
  const meta = el("div", { class: "meta" }, el("time", { datetime: new Date(entry.at).toISOString(), text: CLOCK.format(entry.at) }));
  const options = button({ class: "options", on: { click: () => offer() } }, icon("row"));
  const who = el("span", { class: "sr", text: mine ? WORDS.you : chat.account.displayName });
  const row = el("div", { class: `row ${mine ? "me" : "bot"}`, "data-id": entry.id }, who, body, el("div", { class: "side" }, options, meta));
  let message = entry.message;

  function redraw(fresh) {
    message = fresh;
    options.setAttribute("aria-label", WORDS.messageOptions(toldAs(message)));
    body.replaceChildren(drawSafely({ ...entry, message }, chat));
  }

  function offer() {
    const items = [];
    if (message.text) items.push([WORDS.copy, () => copy(message.text)]);
    if (mine && !chat.state.blocked) items.push([WORDS.unsend, () => attempt(() => chat.phone.unsend(entry.id))]);
    if (mine && message.type === "text" && !chat.state.blocked) items.push([WORDS.edit, edit]);
    items.push([WORDS.source, () => openSheet(WORDS.source, [el("pre", { tabindex: "0", text: JSON.stringify({ ...entry, message }, null, 2) })])]);
    chooseFrom(toldAs(message) || WORDS.message, items);
  }

  function edit() {
    const text = el("textarea", { name: "text", rows: 3, required: true, maxlength: 5000, "aria-label": WORDS.message });
    text.value = message.text;
    fillIn(WORDS.edit, [text], WORDS.save, (filled) => attempt(() => chat.phone.edit(entry.id, filled.get("text"))));
  }

  onLongPress(body, offer);
  redraw(message);
  return {
    element: row,
    mine,
    redraw,
    markRead: () => meta.querySelector(".read") || meta.prepend(el("span", { class: "read", text: WORDS.read })),
    markEdited: () => meta.querySelector(".edited") || meta.prepend(el("span", { class: "edited", text: WORDS.edited })),
  };
}

/** A message that this page cannot draw must not take the chat with it. */
function drawSafely(entry, chat) {
  try {
    return drawMessage(entry, chat);
  } catch (reason) {
    console.error(reason);
    return el("div", { class: "bubble", text: WORDS.unsupported(entry.message.type) });
  }
}

function onLongPress(element, act) {
  let timer = null;
  let pressed = false;
  const stop = () => clearTimeout(timer);
  element.addEventListener("pointerdown", (event) => {
    pressed = false;
    if (event.button !== 0) return;
    stop();
    timer = setTimeout(() => {
      pressed = true;
      act();
    }, LONG_PRESS_MS);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove", "pointerleave"]) {
    element.addEventListener(name, (event) => {
      // A finger trembles; only a real move (a scroll, a selection) ends the press.
      if (name !== "pointermove" || Math.hypot(event.movementX, event.movementY) > 4) stop();
    });
  }
  // The sheet lies over the page by then, so the end of the press taps nothing. Fingers bring a context menu of their own.
  element.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    stop();
    if (!pressed) act();
  });
}
