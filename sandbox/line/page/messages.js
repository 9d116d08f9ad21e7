// SPDX-License-Identifier: Apache-2.0
// Draws one message object, of the bot or of the user.

import { contentOf } from "./api.js";
import { el } from "./element.js";
import { drawFlex } from "./flex.js";
import { icon } from "./icons.js";
import { audio, picture, video } from "./pictures.js";
import { drawnSticker } from "./stickers.js";
import { drawImagemap, drawTemplate } from "./templates.js";
import { WORDS } from "./words.js";

/** The element of a journal entry's message. */
export function drawMessage({ id, message }, chat) {
  const draw = DRAW[message.type];
  return draw ? draw(message, id, chat) : bubble(WORDS.unsupported(message.type));
}

/** Words that tell a message in a list or to a screen reader. */
export function toldAs(message) {
  if (message.type === "text" || message.type === "textV2") return shortened(message.text);
  if (message.type === "sticker") return WORDS.sticker(drawnSticker(message).name);
  return shortened(message.altText || message.title || message.fileName || KIND[message.type] || "");
}

const LONGEST_TOLD = 40;
const CLUSTERS = new Intl.Segmenter("th", { granularity: "grapheme" });

function shortened(words) {
  const clusters = [...CLUSTERS.segment(words)].map(({ segment }) => segment);
  return clusters.length > LONGEST_TOLD ? `${clusters.slice(0, LONGEST_TOLD).join("")}…` : words;
}

const KIND = { image: WORDS.picture, video: WORDS.video, audio: WORDS.audio, file: WORDS.file, location: WORDS.location };

const bubble = (...inside) => el("div", { class: "bubble" }, ...inside);

const DRAW = {
  text: (message) => bubble(...linked(withEmojis(message))),
  textV2: (message) => bubble(...linked(substituted(message))),
  sticker,
  image,
  video: (message, id) => framed(video(...sources(message, id))),
  audio: (message, id) => framed(audio(sources(message, id)[0])),
  file,
  location,
  flex: (message, _id, chat) => drawFlex(message.contents, chat),
  template: (message, _id, chat) => drawTemplate(message.template, chat),
  imagemap: (message, _id, chat) => drawImagemap(message, chat),
  coupon: (message) => bubble(`${WORDS.coupon} ${message.couponId}`),
};

/** Addresses in a text end before what closes a sentence. */
const ADDRESS = /https?:\/\/[^\s<>"“”]*[^\s<>"“”.,;:!?)\]}'ๆฯ]/g;

function linked(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    parts.push(text.slice(from, match.index));
    parts.push(el("a", { href: match[0], target: "_blank", rel: "noopener noreferrer", text: match[0] }));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

/** The platform's own emojis stand as `$` in the text; here all of them are one face. */
function withEmojis({ text, emojis = [] }) {
  let made = text;
  for (const { index, length = 1 } of [...emojis].sort((one, other) => other.index - one.index)) {
    made = `${made.slice(0, index)}🙂${made.slice(index + length)}`;
  }
  return made;
}

function substituted({ text, substitution = {} }) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    if (!Object.hasOwn(substitution, name)) return whole;
    return substitution[name].type === "emoji" ? "🙂" : `@${substitution[name].mentionee?.userId ?? WORDS.you}`;
  });
}

function sticker(message) {
  const { drawn, name } = drawnSticker(message);
  return el("div", { class: "sticker", role: "img", "aria-label": WORDS.sticker(name) }, drawn, el("small", { text: name }));
}

/** [address, preview] of a picture, film or sound: the bot's are elsewhere, the user's on the platform. */
function sources(message, id) {
  if (message.originalContentUrl) return [message.originalContentUrl, message.previewImageUrl];
  const provider = message.contentProvider ?? {};
  if (provider.type === "external") return [provider.originalContentUrl, provider.previewImageUrl];
  return [contentOf(id), null];
}

const framed = (inside) => el("div", { class: "media" }, inside);

function image(message, id) {
  const [whole, preview] = sources(message, id);
  const small = picture(preview || whole, WORDS.picture);
  return framed(el("a", { href: whole, target: "_blank", rel: "noopener noreferrer" }, small));
}

function file(message, id) {
  const size = `${Math.max(1, Math.round(message.fileSize / 1024)).toLocaleString("th-TH")} KB`;
  return bubble(el("a", { href: contentOf(id), download: message.fileName, class: "file" }, icon("file"), message.fileName), el("small", { text: size }));
}

function location({ title, address, latitude, longitude }) {
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return el(
    "div",
    { class: "location" },
    el("div", { class: "map", "aria-hidden": "true" }, icon("place")),
    el("strong", { text: title || WORDS.location }),
    address && el("span", { text: address }),
    el("small", { text: `${latitude}, ${longitude}` }),
    el("a", { href: map, target: "_blank", rel: "noopener noreferrer", text: WORDS.onMap }),
  );
}
