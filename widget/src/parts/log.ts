// SPDX-License-Identifier: Apache-2.0
/** The conversation: a scrolling region around the live log, the welcome before it and the typing dots after it. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { chatIcon, downIcon } from "../icons.ts";
import type { Row } from "../timeline.ts";
import type { View } from "../view.ts";
import { rowTemplate } from "./message.ts";

export interface LogState {
  readonly rows: readonly Row[];
  /** History is still being fetched. */
  readonly loading: boolean;
  /** New rows are read aloud; off while history is drawn. */
  readonly announce: boolean;
  readonly typing: boolean;
  readonly suggestions: readonly string[];
  readonly expired: boolean;
  readonly awayFromEnd: boolean;
  readonly scrolled: () => void;
  readonly jump: () => void;
}

function welcome(state: LogState, view: View): TemplateResult {
  const { t, actions } = view;
  return html`<div class="row bot first">
    <span class="avatar" aria-hidden="true">${chatIcon}</span>
    <div class="body">
      <p class="bubble">${t.welcome}<br />${t.welcomeMore}</p>
      <div class="choices">${state.suggestions.map((text) => html`<button type="button" class="action" @click=${() => actions.say(text)}>${text}</button>`)}</div>
    </div>
  </div>`;
}

export function log(state: LogState, view: View): TemplateResult {
  const { t } = view;
  const empty = state.rows.length === 0 && !state.loading;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t.log} @scroll=${state.scrolled}>
      ${state.expired ? html`<p class="notice">${t.expired}</p>` : nothing}
      ${empty ? welcome(state, view) : nothing}
      ${state.loading && state.rows.length === 0 ? html`<p class="notice">${t.loading}</p>` : nothing}
      <div role="log" aria-label=${t.log} aria-live=${state.announce ? "polite" : "off"} aria-relevant="additions">
        ${repeat(state.rows, (row) => row.key, (row) => rowTemplate(row, view))}
      </div>
      ${state.typing
        ? html`<div class="row bot typing"><span class="avatar" aria-hidden="true">${chatIcon}</span>
            <div class="body"><p class="bubble dots" role="img" aria-label=${t.typing}><i></i><i></i><i></i></p></div></div>`
        : nothing}
    </div>
    ${state.awayFromEnd ? html`<button type="button" class="jump" @click=${state.jump}>${t.jump}${downIcon}</button>` : nothing}`;
}
