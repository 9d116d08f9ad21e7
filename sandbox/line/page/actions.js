// SPDX-License-Identifier: Apache-2.0
// What a tap does, wherever it stands: quick replies, Flex, templates and rich menus share these actions.

import { el } from "./element.js";
import { pickFiles } from "./files.js";
import { pickPlace } from "./places.js";
import { attempt, field, fillIn, note, openSheet } from "./sheet.js";
import { WORDS } from "./words.js";

const PICKERS = { date: "date", time: "time", datetime: "datetime-local" };
/** Addresses that the app itself would open. */
const APP = "https://line.me/R/";

/** Does an action. `chat` gives the phone, the text field and the menu. */
export function perform(action, chat) {
  const { phone } = chat;
  const acts = {
    message: () => attempt(() => phone.text(action.text)),
    postback: () => postback(action, chat),
    uri: () => openAddress(action.uri, phone),
    datetimepicker: () => pickTime(action, phone),
    camera: () => pickFiles(phone, { accept: "image/*", capture: true }),
    cameraRoll: () => pickFiles(phone, { accept: "image/*,video/*", multiple: true }),
    location: () => pickPlace(phone),
    richmenuswitch: () => attempt(() => phone.switchMenu(action.richMenuAliasId, action.data)),
    clipboard: () => copy(action.clipboardText),
  };
  (acts[action.type] || (() => note(WORDS.unsupported(action.type))))();
}

/** An element that does an action when it is tapped: a link for addresses of the web, else a button. */
export function tappable(action, chat, props = {}, ...children) {
  if (action.type === "uri" && isWeb(action.uri)) {
    return el("a", { href: action.uri, target: "_blank", rel: "noopener noreferrer", ...props }, ...children);
  }
  const on = { click: (event) => (event.stopPropagation(), perform(action, chat)) };
  return el("button", { type: "button", ...props, on }, ...children);
}

function isWeb(address) {
  return /^(https?|tel):/i.test(address) && !address.startsWith(APP);
}

/** What an action is called where it shows no words of its own. */
export const nameOf = (action) => action.label || action.displayText || action.text || "";

async function postback(action, { phone, menu, write }) {
  const shown = action.displayText ? { displayText: action.displayText } : {};
  await attempt(async () => {
    await phone.postback({ data: action.data, ...shown });
    if (action.text) await phone.text(action.text);
  });
  if (action.inputOption === "closeRichMenu") menu.open(false);
  if (action.inputOption === "openRichMenu") menu.open(true);
  if (action.inputOption === "openKeyboard") write(action.fillInText || "");
}

function pickTime(action, phone) {
  const clean = (value) => value?.toUpperCase();
  const props = { name: "value", type: PICKERS[action.mode], required: true, value: clean(action.initial) };
  const input = field(WORDS.chooseThis[action.mode], { ...props, min: clean(action.min), max: clean(action.max) });
  fillIn(action.label || WORDS.chooseTime, [input], WORDS.confirm, (filled) =>
    attempt(() => phone.postback({ data: action.data, params: { [action.mode]: filled.get("value") } })),
  );
}

function openAddress(address, phone) {
  const inApp = address.startsWith(APP) ? address.slice(APP.length) : null;
  if (inApp?.startsWith("nv/location")) pickPlace(phone);
  else if (inApp?.startsWith("nv/cameraRoll")) pickFiles(phone, { accept: "image/*,video/*", multiple: inApp.includes("multi") });
  else if (inApp?.startsWith("nv/camera")) pickFiles(phone, { accept: "image/*", capture: true });
  else if (inApp?.startsWith("share")) share(new URL(address).searchParams.get("text") || "");
  else note(WORDS.onlyInApp);
}

function share(text) {
  openSheet(WORDS.share, [el("p", { text: WORDS.shareHint }), el("p", { class: "shared", text })]);
}

/** Copies words and says so. */
export function copy(words) {
  attempt(async () => {
    await navigator.clipboard.writeText(words);
    note(WORDS.copied);
  });
}
