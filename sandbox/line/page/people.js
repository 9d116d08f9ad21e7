// SPDX-License-Identifier: Apache-2.0
// The first screen: who holds this phone. The choice stands in the address, so each tab can be another person.

import { get, post } from "./api.js";
import { el } from "./element.js";
import { attempt } from "./sheet.js";
import { WORDS } from "./words.js";

const addressOf = (userId) => `?user=${encodeURIComponent(userId)}`;

/** Draws the screen; `missing` is who was wanted and is not there. */
export async function showPeople(screen, missing = null) {
  const { users } = await get("/users");
  const name = el("input", { name: "name", required: true, maxlength: 20, autocomplete: "off" });
  const add = async (event) => {
    event.preventDefault();
    await attempt(async () => {
      const user = await post("/users", { displayName: name.value.trim(), language: "th" });
      location.search = addressOf(user.userId);
    });
  };
  screen.replaceChildren(
    el("header", { class: "top" }, el("h1", { text: WORDS.people })),
    el(
      "div",
      { class: "people" },
      missing && el("p", { class: "banner", role: "alert", text: WORDS.unknown(missing) }),
      el("p", { class: "hint", text: WORDS.peopleHint }),
      el("ul", {}, ...users.map(row)),
      el(
        "form",
        { class: "form", on: { submit: add } },
        el("h2", { text: WORDS.newPerson }),
        el("label", { class: "field" }, el("span", { text: WORDS.name }), name),
        el("button", { class: "primary", text: WORDS.add }),
      ),
    ),
  );
  screen.setAttribute("aria-busy", "false");
}

function row(user) {
  const state = user.blocked ? WORDS.blocked : user.friend ? WORDS.friend : WORDS.stranger;
  return el(
    "li",
    {},
    el(
      "a",
      { class: "person", href: addressOf(user.userId) },
      el("span", { class: "avatar", "aria-hidden": "true", text: [...user.displayName][0] }),
      el("span", { class: "person-name", text: user.displayName }),
      el("span", { class: "person-state", text: state }),
    ),
  );
}
