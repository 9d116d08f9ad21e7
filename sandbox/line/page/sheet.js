// SPDX-License-Identifier: Apache-2.0
// Sheets that slide over the chat: lists of things to do, forms and notes; Escape closes, the focus goes back.

import { button, el } from "./element.js";
import { icon } from "./icons.js";
import { WORDS } from "./words.js";

/** Opens a sheet with these elements; gives a function that closes it. `closed` is called once, however it is closed. */
export function openSheet(title, contents, closed = () => {}) {
  const close = () => dialog.close();
  const heading = el("h2", { id: "sheet-title", text: title });
  const dialog = el(
    "dialog",
    { class: "sheet", "aria-labelledby": "sheet-title", on: { close: () => (dialog.remove(), closed()) } },
    el("div", { class: "sheet-head" }, heading, button({ class: "icon", "aria-label": WORDS.close, on: { click: close } }, icon("close"))),
    el("div", { class: "sheet-body" }, ...contents),
  );
  // A tap beside the sheet closes it; inside, the target is one of its children.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return close;
}

/** A sheet of things to do: `[label, act]`; it closes before it acts. */
export function chooseFrom(title, items) {
  const close = openSheet(
    title,
    items.map(([label, act]) => button({ class: "sheet-item", text: label, on: { click: () => (close(), act()) } })),
  );
}

/** A sheet with one form; `submit` gets its FormData after it was found valid. */
export function fillIn(title, fields, action, submit) {
  const done = (event) => {
    event.preventDefault();
    const filled = new FormData(form);
    close();
    submit(filled);
  };
  const form = el("form", { class: "form", on: { submit: done } }, ...fields, el("button", { class: "primary", text: action }));
  const close = openSheet(title, [form]);
  form.querySelector("input, textarea")?.focus();
}

/** A labelled input; `props` are its attributes. */
export function field(label, props) {
  return el("label", { class: "field" }, el("span", { text: label }), el("input", props));
}

/** Shows a short note for some seconds, read aloud. */
export function note(words) {
  let place = document.querySelector(".note");
  if (!place) {
    place = el("div", { class: "note", role: "status" });
    document.querySelector("#phone").append(place);
  }
  const shown = el("p", { text: words });
  place.replaceChildren(shown);
  setTimeout(() => shown.remove(), 5000);
}

/** Does something; a refusal becomes a note. Gives whether it worked. */
export async function attempt(act) {
  try {
    await act();
    return true;
  } catch (reason) {
    note(WORDS.failed(reason.message));
    return false;
  }
}
