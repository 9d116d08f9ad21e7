// SPDX-License-Identifier: Apache-2.0
/** Facts with their level, where they come from and when they were observed. */
import { html, nothing, type TemplateResult } from "lit";
import { safeLink } from "../links.ts";
import type { CardBlock, Source } from "../protocol.ts";
import { languageOf } from "../strings.ts";
import { moment } from "../time.ts";
import type { View } from "../view.ts";
import { linkRow, outerLink, plainText, richText } from "./text.ts";

const LEVELS = [1, 2, 3, 4, 5];
/** Longer values get the whole width under their label: ragged columns of Thai are hard to read. */
const SHORT_VALUE = 18;

function levelScale(level: number, view: View): TemplateResult | typeof nothing {
  if (level === 0) return nothing;
  // The number says it too: colour alone would leave out who cannot tell the colours apart.
  return html`<div class="scale" role="img" aria-label=${view.t.level(level)}>${LEVELS.map(
    (step) => html`<i class=${`l${step}${step === level ? " here" : ""}`}>${step}</i>`)}</div>`;
}

function sourceLine(source: Source | null, view: View): TemplateResult | typeof nothing {
  if (source === null) return nothing;
  const { t, locale, server } = view;
  const href = source.url === "" ? null : safeLink(source.url, server);
  const observed = moment(source.observedAt, locale);
  const fetched = observed === "" ? moment(source.fetchedAt, locale) : "";
  return html`<div class="source">
    ${source.name === "" ? nothing : html`<div>${t.source}: ${href === null ? source.name : outerLink(href, source.name, view)}</div>`}
    ${observed === "" ? nothing : html`<div>${t.observed} ${observed}</div>`}
    ${fetched === "" ? nothing : html`<div>${t.fetched} ${fetched}</div>`}
    ${source.sandbox ? html`<div class="sandbox" lang="th">${source.label || t.sandbox}</div>` : nothing}
  </div>`;
}

export function cardBlock(card: CardBlock, view: View): TemplateResult {
  const all = [card.title, card.text, ...card.fields.map((field) => field.label)].join(" ");
  return html`<div class=${card.level === 0 ? "card" : `card band l${card.level}`} lang=${languageOf(all)}>
    ${card.title === "" ? nothing : html`<h3>${plainText(card.title)}</h3>`}
    ${levelScale(card.level, view)}
    ${card.text === "" ? nothing : html`<p>${richText(card.text, view)}</p>`}
    ${card.fields.length === 0 ? nothing : html`<dl>${card.fields.map(
      (field) => html`<div class=${field.value.length > SHORT_VALUE || field.value.includes("\n") ? "long" : ""}><dt>${field.label}</dt><dd>${richText(field.value, view)}</dd></div>`)}</dl>`}
    ${linkRow(card.links, view)}
    ${sourceLine(card.source, view)}
  </div>`;
}
