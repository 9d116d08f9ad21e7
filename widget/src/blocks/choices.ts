// SPDX-License-Identifier: Apache-2.0
/** A question with answers to tap; they stay until the citizen answered, by tap or by typing. */
import { html, nothing, type TemplateResult } from "lit";
import type { ChoicesBlock } from "../protocol.ts";
import { languageOf } from "../strings.ts";
import type { View } from "../view.ts";
import { plainText, textBlock } from "./text.ts";

export function choicesBlock(block: ChoicesBlock, open: boolean, view: View): TemplateResult {
  return html`${textBlock(block.text, view)}${open && block.choices.length > 0
    ? html`<div class="choices">${block.choices.map((choice) => html`<button type="button" class="action" lang=${languageOf(choice.label)}
        @click=${() => view.actions.choose(choice.id, choice.label)}>${plainText(choice.label)}</button>`)}</div>`
    : nothing}`;
}
