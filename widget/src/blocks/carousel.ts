// SPDX-License-Identifier: Apache-2.0
/** Several cards side by side: swipe, arrow keys, or the two buttons. */
import { html, nothing, type TemplateResult } from "lit";
import type { CarouselBlock } from "../protocol.ts";
import type { View } from "../view.ts";
import { previousNext } from "./scroll.ts";
import { cardBlock } from "./card.ts";

export function carouselBlock(block: CarouselBlock, view: View): TemplateResult | typeof nothing {
  if (block.cards.length === 0) return nothing;
  return html`<div class="carousel">
    <ul tabindex="0" aria-label=${view.t.carousel}>${block.cards.map((card) => html`<li>${cardBlock(card, view)}</li>`)}</ul>
    ${block.cards.length > 1 ? previousNext(view) : nothing}
  </div>`;
}
