// SPDX-License-Identifier: Apache-2.0
/** Asking for the citizen's position, with what happens to it said before the tap, and showing one that was sent. */
import { html, nothing, type TemplateResult } from "lit";
import { pinIcon } from "../icons.ts";
import type { AskBlock, LocationBlock } from "../protocol.ts";
import { languageOf } from "../strings.ts";
import type { View } from "../view.ts";
import { textBlock } from "./text.ts";

export function locationBlock(block: LocationBlock, view: View): TemplateResult {
  return html`<p class="bubble pin">${pinIcon}<span>${view.t.place}<br /><small>${block.lat.toFixed(5)}, ${block.lon.toFixed(5)}</small></span></p>`;
}

export function locationRequestBlock(block: AskBlock, open: boolean, view: View): TemplateResult {
  const { t, locating } = view;
  if (!open) return html`${textBlock(block.text, view)}`;
  const trouble = locating === "denied" ? t.locateDenied : locating === "failed" ? t.locateFailed : "";
  return html`${textBlock(block.text, view)}
    <div class="ask">
      <button type="button" class="action" lang=${languageOf(block.label || t.locate)} ?disabled=${locating === "busy"} @click=${() => view.actions.locate()}
        >${pinIcon}${locating === "busy" ? t.locating : block.label || t.locate}</button>
      <p class="hint">${t.locateConsent}</p>
      ${trouble === "" ? nothing : html`<p class="trouble">${trouble}</p>`}
    </div>`;
}
