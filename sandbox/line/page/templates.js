// SPDX-License-Identifier: Apache-2.0
// Draws template messages: buttons, confirm, carousel and image carousel; and imagemaps.

import { nameOf, tappable } from "./actions.js";
import { el, look } from "./element.js";
import { picture } from "./pictures.js";
import { WORDS } from "./words.js";

/** The element of a message's `template`. */
export function drawTemplate(template, chat) {
  const draw = { buttons: card, confirm, carousel, image_carousel: imageCarousel }[template.type];
  return draw ? draw(template, chat) : el("p", { text: WORDS.unsupported(template.type) });
}

const carouselOf = (...cards) => el("div", { class: "carousel", role: "group", tabindex: "0", "aria-label": WORDS.cards }, ...cards);

const carousel = (template, chat) => carouselOf(...template.columns.map((column) => card({ ...template, ...column }, chat)));

const buttonsOf = (actions, chat) => actions.map((action) => tappable(action, chat, { class: "template-button" }, nameOf(action)));

function card(spec, chat) {
  const shape = [spec.imageAspectRatio, spec.imageSize].filter(Boolean).join(" ");
  const image = spec.thumbnailImageUrl && picture(spec.thumbnailImageUrl, "");
  if (image) {
    image.className = `template-image ${shape}`;
    if (/^#[0-9a-f]{6}$/i.test(spec.imageBackgroundColor ?? "")) look(image, { "background-color": spec.imageBackgroundColor });
  }
  const words = [spec.title && el("strong", { text: spec.title }), el("span", { text: spec.text })];
  const top = spec.defaultAction
    ? tappable(spec.defaultAction, chat, { class: "template-top tap" }, image, ...words)
    : el("div", { class: "template-top" }, image, ...words);
  return el("div", { class: "template" }, top, el("div", { class: "template-buttons" }, ...buttonsOf(spec.actions, chat)));
}

function confirm(template, chat) {
  const words = el("div", { class: "template-top" }, el("span", { text: template.text }));
  return el("div", { class: "template" }, words, el("div", { class: "template-buttons pair" }, ...buttonsOf(template.actions, chat)));
}

function imageCarousel(template, chat) {
  return carouselOf(
    ...template.columns.map(({ imageUrl, action }) =>
      tappable(action, chat, { class: "image-column tap" }, picture(imageUrl, nameOf(action) ? "" : WORDS.picture), nameOf(action) && el("span", { text: nameOf(action) })),
    ),
  );
}

/** An imagemap: its picture with the areas that can be tapped. */
export function drawImagemap(message, chat) {
  const { width, height } = message.baseSize;
  const share = (part, whole) => `${(100 * part) / whole}%`;
  const areas = message.actions.map((action) => {
    const { x, y, width: wide, height: high } = action.area;
    const act = action.type === "uri" ? { ...action, uri: action.linkUri } : action;
    const area = tappable(act, chat, { class: "area", "aria-label": nameOf(action) || WORDS.picture });
    return look(area, { left: share(x, width), top: share(y, height), width: share(wide, width), height: share(high, height) });
  });
  const drawn = el("div", { class: "imagemap" }, picture(`${message.baseUrl}/1040`, message.altText), ...areas);
  return look(drawn, { "aspect-ratio": `${Number(width)} / ${Number(height)}` });
}
