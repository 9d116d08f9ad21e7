// SPDX-License-Identifier: Apache-2.0
/** Where the citizen writes: text, a photo with its preview, and the line that says who answers. */
import { html, nothing, type TemplateResult } from "lit";
import { canvasPhoto } from "../blocks/image.ts";
import { outerLink } from "../blocks/text.ts";
import { imageIcon, sendIcon } from "../icons.ts";
import type { PhotoDraft, View } from "../view.ts";

export interface ComposerState {
  readonly draft: string;
  readonly photo: PhotoDraft | null;
  readonly privacyUrl: string;
  readonly typed: (text: string) => void;
  readonly submit: () => void;
  readonly picked: (file: File) => void;
  readonly sendPhoto: () => void;
  readonly sendBoth: () => void;
  readonly sendTextOnly: () => void;
  readonly cancelPhoto: () => void;
}

/** The longest text that the field takes, in UTF-16 units; the server's own limit is the one that counts. */
const LONGEST_TEXT = 2000;

function preview(photo: PhotoDraft, state: ComposerState, view: View): TemplateResult {
  const { t } = view;
  const busy = photo.progress !== null;
  const percent = Math.round((photo.progress ?? 0) * 100);
  return html`<div class="preview">
    ${canvasPhoto(photo.blob, () => Promise.resolve(photo.blob), t.photoPreview)}
    <div class="preview-side">
      ${busy ? html`<label>${t.photoSending(percent)}<progress max="100" .value=${percent}></progress></label>` : nothing}
      ${photo.error === "" ? nothing : html`<p class="trouble" role="alert">${photo.error}</p>`}
      ${photo.asked ? html`<p role="alert">${t.photoAsk}</p>` : nothing}
      <div class="choices">${photo.asked
        ? html`<button type="button" class="action main" @click=${state.sendBoth}>${t.photoBoth}</button>
          <button type="button" class="action" @click=${state.sendTextOnly}>${t.photoTextOnly}</button>`
        : html`${busy ? nothing : html`<button type="button" class="action main" @click=${state.sendPhoto}>${t.photoSend}</button>`}
          <button type="button" class="action" @click=${state.cancelPhoto}>${t.photoCancel}</button>`}
      </div>
    </div>
  </div>`;
}

/** Enter sends and Shift+Enter breaks the line; an Enter that ends an input method's word does neither. */
function onKey(event: KeyboardEvent, state: ComposerState): void {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  state.submit();
}

function onFile(event: Event, state: ComposerState): void {
  const input = event.target as HTMLInputElement;
  const file = input.files?.[0];
  // Emptied, so that choosing the same file again is a change again.
  input.value = "";
  if (file !== undefined) state.picked(file);
}

export function composer(state: ComposerState, view: View): TemplateResult {
  const { t } = view;
  const file = (event: Event): void => onFile(event, state);
  return html`<div class="tail">
    ${state.photo === null ? nothing : preview(state.photo, state, view)}
    <form @submit=${(event: Event) => { event.preventDefault(); state.submit(); }}>
      <button type="button" class="plain" aria-label=${t.attach} title=${t.attach} @click=${() => view.actions.pick(false)}>${imageIcon}</button>
      <textarea rows="1" maxlength=${LONGEST_TEXT} aria-label=${t.input} placeholder=${t.input} enterkeyhint="send" autocomplete="off"
        .value=${state.draft} @input=${(event: Event) => state.typed((event.target as HTMLTextAreaElement).value)}
        @keydown=${(event: KeyboardEvent) => onKey(event, state)}></textarea>
      <button type="submit" class="round main" aria-label=${t.send} title=${t.send} aria-disabled=${state.draft.trim() === "" && state.photo === null ? "true" : "false"}>${sendIcon}</button>
      <input class="gallery" type="file" accept="image/*" hidden aria-label=${t.pick} @change=${file} />
      <input class="camera" type="file" accept="image/*" capture="environment" hidden aria-label=${t.camera} @change=${file} />
    </form>
    <p class="foot">${t.footer} · ${outerLink(state.privacyUrl, t.privacy, view)}</p>
  </div>`;
}
