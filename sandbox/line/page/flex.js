// SPDX-License-Identifier: Apache-2.0
// Draws Flex Messages: bubbles and carousels of boxes, texts, buttons, pictures and separators.
// Rules: https://developers.line.biz/en/docs/messaging-api/flex-message-layout/

import { nameOf, tappable } from "./actions.js";
import { el, look } from "./element.js";
import * as measure from "./flex_measures.js";
import { picture, video } from "./pictures.js";
import { WORDS } from "./words.js";

const TURNED = { start: "flex-start", end: "flex-end", center: "center", top: "flex-start", bottom: "flex-end" };

/** The element of a container: a bubble, or a carousel that scrolls sideways. */
export function drawFlex(container, chat) {
  if (container.type !== "carousel") return drawBubble(container, chat);
  const bubbles = container.contents.map((bubble) => drawBubble(bubble, chat));
  return el("div", { class: "carousel", role: "group", tabindex: "0", "aria-label": WORDS.cards }, ...bubbles);
}

function drawBubble(bubble, chat) {
  const drawn = el("div", { class: "flex-bubble", dir: bubble.direction === "rtl" ? "rtl" : null });
  look(drawn, { width: measure.bubbleWidth(bubble.size) });
  for (const name of ["header", "hero", "body", "footer"]) {
    if (!bubble[name]) continue;
    const style = bubble.styles?.[name] ?? {};
    if (style.separator && drawn.childElementCount) drawn.append(line({ color: style.separatorColor }));
    const block = el("div", { class: `flex-${name}` }, component(bubble[name], chat, "vertical"));
    drawn.append(look(block, { "background-color": measure.colour(style.backgroundColor) }));
  }
  return bubble.action ? cover(drawn, bubble.action, chat) : drawn;
}

const DRAW = { box, text, button, image, icon, video: film, separator: line, filler, spacer };

/** One component, placed in a parent of this layout. */
function component(spec, chat, parent) {
  const draw = DRAW[spec.type];
  if (!draw) return el("span", { class: "unsupported", text: WORDS.unsupported(spec.type) });
  return place(draw(spec, chat, parent), spec, parent);
}

function place(drawn, spec, parent) {
  const sideways = parent !== "vertical";
  const share = spec.flex ?? (sideways && !["icon", "separator", "spacer"].includes(spec.type) && !spec.width ? 1 : spec.type === "filler" ? 1 : 0);
  look(drawn, { flex: share === 0 ? "0 0 auto" : `${Number(share)} 1 ${sideways ? "0" : "auto"}` });
  if (spec.gravity && sideways && parent !== "baseline") look(drawn, { "align-self": TURNED[spec.gravity] });
  if (spec.position === "absolute") look(drawn, { position: "absolute", margin: "0" });
  const offsets = { top: "offsetTop", bottom: "offsetBottom", "inset-inline-start": "offsetStart", "inset-inline-end": "offsetEnd" };
  for (const [side, name] of Object.entries(offsets)) look(drawn, { [side]: measure.step(spec[name]) });
  return drawn;
}

function box(spec, chat) {
  const simple = spec.action && !hasAction(spec.contents);
  const drawn = simple ? tappable(spec.action, chat, { class: "flex-box tap" }) : el("div", { class: "flex-box" });
  drawn.classList.add(spec.layout);
  let first = true;
  for (const inside of spec.contents) {
    const child = component(inside, chat, spec.layout);
    // The first component's margin does not count; the others' replaces the box's spacing.
    const gap = first || inside.position === "absolute" ? null : measure.step(inside.margin ?? spec.spacing);
    if (inside.position !== "absolute") first = false;
    drawn.append(look(child, { [spec.layout === "vertical" ? "margin-top" : "margin-inline-start"]: gap }));
  }
  look(drawn, {
    "background-color": measure.colour(spec.backgroundColor),
    "background-image": measure.gradient(spec.background),
    "border-color": measure.colour(spec.borderColor),
    "border-width": measure.border(spec.borderWidth),
    "border-radius": measure.step(spec.cornerRadius),
    padding: measure.step(spec.paddingAll),
    "padding-top": measure.step(spec.paddingTop),
    "padding-bottom": measure.step(spec.paddingBottom),
    "padding-inline-start": measure.step(spec.paddingStart),
    "padding-inline-end": measure.step(spec.paddingEnd),
    width: measure.length(spec.width),
    height: measure.length(spec.height),
    "max-width": measure.length(spec.maxWidth),
    "max-height": measure.length(spec.maxHeight),
    "justify-content": spec.justifyContent,
    "align-items": spec.alignItems,
  });
  return spec.action && !simple ? cover(drawn, spec.action, chat) : drawn;
}

const hasAction = (contents) => contents.some((one) => one.action || (one.contents && hasAction(one.contents)));

/** Makes an element tappable that has tappable parts: the action lies under them. */
function cover(drawn, action, chat) {
  const words = nameOf(action) || drawn.textContent.slice(0, 60) || WORDS.picture;
  drawn.classList.add("covered");
  drawn.prepend(tappable(action, chat, { class: "cover", "aria-label": words }));
  return drawn;
}

function text(spec, chat) {
  const style = spec.wrap ? "wrap" : "one-line";
  const words = spec.contents?.length ? spec.contents.map(span) : [spec.text];
  const props = { class: `flex-text ${style}` };
  const drawn = spec.action ? tappable(spec.action, chat, { class: `${props.class} tap` }, ...words) : el("span", props, ...words);
  if (spec.wrap && spec.maxLines > 0) {
    drawn.classList.add("clamped");
    look(drawn, { "-webkit-line-clamp": Number(spec.maxLines) });
  }
  const spacing = measure.length(spec.lineSpacing);
  look(drawn, { ...letters({ size: "md", ...spec }), "text-align": spec.align ?? "start", "line-height": spacing && `calc(1.45em + ${spacing})` });
  return drawn;
}

const span = (spec) => look(el("span", { text: spec.text }), letters(spec));

function letters(spec) {
  return {
    "font-size": spec.size && measure.font(spec.size),
    "font-weight": spec.weight,
    "font-style": spec.style,
    color: measure.colour(spec.color),
    "text-decoration": spec.decoration,
  };
}

function button(spec, chat) {
  const drawn = tappable(spec.action, chat, { class: `flex-button ${spec.style ?? "link"} ${spec.height ?? "md"}` }, nameOf(spec.action));
  return look(drawn, { [spec.style && spec.style !== "link" ? "background-color" : "color"]: measure.colour(spec.color) });
}

function image(spec, chat) {
  const drawn = picture(spec.url, spec.action ? nameOf(spec.action) || WORDS.picture : "");
  look(drawn, {
    "aspect-ratio": measure.ratio(spec.aspectRatio),
    "object-fit": spec.aspectMode === "cover" ? "cover" : "contain",
    "background-color": measure.colour(spec.backgroundColor),
    width: measure.pictureWidth(spec.size),
  });
  const frame = spec.action ? tappable(spec.action, chat, { class: "flex-image tap" }, drawn) : el("span", { class: "flex-image" }, drawn);
  return look(frame, { "justify-content": TURNED[spec.align ?? "center"] });
}

function icon(spec) {
  const [width, height] = measure.ratio(spec.aspectRatio).split(" / ").map(Number);
  const drawn = picture(spec.url, "");
  return look(drawn, { height: measure.font(spec.size), width: `calc(${measure.font(spec.size)} * ${width / height})` });
}

function film(spec, chat) {
  const drawn = video(spec.url, spec.previewUrl);
  look(drawn, { "aspect-ratio": measure.ratio(spec.aspectRatio) });
  return spec.action ? el("div", {}, drawn, tappable(spec.action, chat, { class: "flex-button link sm" }, nameOf(spec.action))) : drawn;
}

function line(spec) {
  return look(el("span", { class: "flex-separator", role: "presentation" }), { "background-color": measure.colour(spec.color) });
}

function filler() {
  return el("span", { class: "flex-filler" });
}

function spacer(spec) {
  const size = measure.step(spec.size ?? "md");
  return look(filler(), { "min-width": size, "min-height": size });
}
