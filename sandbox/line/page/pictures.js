// SPDX-License-Identifier: Apache-2.0
// Pictures and films from the bot or the user; a picture that cannot be loaded says so.

import { el } from "./element.js";
import { WORDS } from "./words.js";

const SAFE = /^(https?:|\/line\/api\/)/i;

/** An image; `alt` may be empty where words stand beside it. */
export function picture(url, alt) {
  const drawn = el("img", { src: SAFE.test(url ?? "") ? url : null, alt, loading: "lazy", referrerpolicy: "no-referrer" });
  drawn.addEventListener("error", () => {
    drawn.classList.add("broken");
    drawn.alt = alt ? `${alt} (${WORDS.pictureFailed})` : WORDS.pictureFailed;
  });
  return drawn;
}

export const video = (url, preview) =>
  el("video", { src: SAFE.test(url ?? "") ? url : null, poster: preview, controls: true, preload: "none", "aria-label": WORDS.video });

export const audio = (url) => el("audio", { src: SAFE.test(url ?? "") ? url : null, controls: true, preload: "none", "aria-label": WORDS.audio });
