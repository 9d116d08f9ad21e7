// SPDX-License-Identifier: Apache-2.0
/** Asking for a photo: the camera on phones, a file everywhere. */
import { html, nothing, type TemplateResult } from "lit";
import { cameraIcon, imageIcon } from "../icons.ts";
import type { AskBlock } from "../protocol.ts";
import { languageOf } from "../strings.ts";
import type { View } from "../view.ts";
import { textBlock } from "./text.ts";

export function photoRequestBlock(block: AskBlock, open: boolean, view: View): TemplateResult {
  const { t, actions, touch } = view;
  const label = block.label || t.pick;
  return html`${textBlock(block.text, view)}${open
    ? html`<div class="choices">
        ${touch ? html`<button type="button" class="action" @click=${() => actions.pick(true)}>${cameraIcon}${t.camera}</button>` : nothing}
        <button type="button" class="action" lang=${languageOf(label)} @click=${() => actions.pick(false)}>${imageIcon}${label}</button>
      </div>`
    : nothing}`;
}
