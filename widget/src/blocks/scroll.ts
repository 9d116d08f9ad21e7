// SPDX-License-Identifier: Apache-2.0
/** The two buttons that move a carousel by one card. */
import { html, type TemplateResult } from "lit";
import { leftIcon, rightIcon } from "../icons.ts";
import type { View } from "../view.ts";

function move(event: Event, direction: 1 | -1): void {
  const strip = (event.currentTarget as HTMLElement).closest(".carousel")?.querySelector("ul");
  const card = strip?.firstElementChild;
  if (!strip || !card) return;
  // Without `behavior` the style decides, and the style knows about reduced motion.
  strip.scrollBy({ left: direction * (card.clientWidth + 12) });
}

export function previousNext(view: View): TemplateResult {
  return html`<div class="steps">
    <button type="button" class="round" aria-label=${view.t.previous} @click=${(event: Event) => move(event, -1)}>${leftIcon}</button>
    <button type="button" class="round" aria-label=${view.t.next} @click=${(event: Event) => move(event, 1)}>${rightIcon}</button>
  </div>`;
}
