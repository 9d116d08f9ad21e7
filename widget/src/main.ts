// SPDX-License-Identifier: Apache-2.0
/** The script tag: defines `<pracha-chat>` and, when the page has none, adds one with the tag's own `data-*`. */
import { PrachaChat } from "./element.ts";
import { OPTION_NAMES } from "./options.ts";

const TAG = "pracha-chat";
// Only readable while the script runs for the first time, so it is kept.
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;

function begin(): void {
  if (document.querySelector(TAG) !== null) return;
  const element = document.createElement(TAG);
  for (const name of OPTION_NAMES) {
    const value = script?.getAttribute(`data-${name}`);
    if (value !== null && value !== undefined) element.setAttribute(`data-${name}`, value);
  }
  document.body.append(element);
}

// That this runs once per page, also with a second script tag, is seen to by scripts/build.mjs.
if (script !== null && script.src !== "") PrachaChat.home = new URL(script.src).origin;
customElements.define(TAG, PrachaChat);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin, { once: true });
else begin();
