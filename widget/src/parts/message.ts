// SPDX-License-Identifier: Apache-2.0
/** One row of the log: a day, or what one author said at one time. */
import { html, nothing, type TemplateResult } from "lit";
import { renderBlock } from "../blocks/index.ts";
import { chatIcon, personIcon } from "../icons.ts";
import type { Outgoing } from "../store.ts";
import type { MessageRow, Row } from "../timeline.ts";
import type { View } from "../view.ts";

function sendState(out: Outgoing, view: View): TemplateResult {
  const { t, actions } = view;
  if (out.status !== "failed") return html`<span> · ${t.status[out.status]}</span>`;
  return html`<span class="trouble"> · ${t.status.failed}${out.reason === "" ? "" : `: ${out.reason}`}</span>
    <span class="redo">
      <button type="button" @click=${() => actions.retry(out.id)}>${t.retry}</button>
      <button type="button" @click=${() => actions.discard(out.id)}>${t.discard}</button>
    </span>`;
}

function avatar(row: MessageRow): TemplateResult | typeof nothing {
  if (row.from === "citizen") return nothing;
  return html`<span class="avatar" aria-hidden="true">${row.first ? (row.from === "officer" ? personIcon : chatIcon) : nothing}</span>`;
}

function message(row: MessageRow, view: View): TemplateResult {
  const { t } = view;
  const out = row.outgoing;
  const settled = row.from === "citizen" && out === null;
  const foot = row.last || (out !== null && out.status !== "sent");
  return html`<div class=${`row ${row.from}${row.first ? " first" : ""}${out?.status === "failed" ? " failed" : ""}`}>
    ${avatar(row)}
    <div class="body">
      <span class="sr">${t.author[row.from]} ${row.time}</span>
      ${row.from === "officer" && row.first ? html`<span class="officer-name" aria-hidden="true">${t.author.officer}</span>` : nothing}
      ${row.blocks.map((block) => renderBlock(block, row.open, view))}
      ${foot ? html`<div class="meta"><span aria-hidden="true">${row.time}</span>${
        out !== null ? sendState(out, view) : settled && row.last ? html`<span> · ${t.status.sent}</span>` : nothing}</div>` : nothing}
    </div>
  </div>`;
}

export function rowTemplate(row: Row, view: View): TemplateResult {
  return row.kind === "day" ? html`<div class="day"><span>${row.label}</span></div>` : message(row, view);
}
