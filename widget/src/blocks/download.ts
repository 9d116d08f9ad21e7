// SPDX-License-Identifier: Apache-2.0
/** A file of the citizen's own, saved with a tap. */
import { html, type TemplateResult } from "lit";
import { languageOf } from "../strings.ts";
import type { DownloadBlock } from "../protocol.ts";
import type { View } from "../view.ts";

export function downloadBlock(block: DownloadBlock, { t, actions }: View): TemplateResult {
  async function save(event: Event): Promise<void> {
    const button = event.currentTarget as HTMLButtonElement;
    const told = button.nextElementSibling as HTMLElement;
    button.disabled = true;
    told.textContent = "";
    try {
      await actions.download(block.path);
    } catch {
      told.textContent = t.downloadFailed;
    } finally {
      button.disabled = false;
    }
  }
  return html`<div class="choices">
    <button type="button" class="action" lang=${languageOf(block.label)} @click=${save}>${block.label}</button>
    <span role="status"></span>
  </div>`;
}
