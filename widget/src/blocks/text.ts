// SPDX-License-Identifier: Apache-2.0
/** Text as text: never markup, with line breaks kept and safe addresses as links. */
import { html, nothing, type TemplateResult } from "lit";
import { codeParts, linkParts, safeLink, shownAddress } from "../links.ts";
import { languageOf } from "../strings.ts";
import type { View } from "../view.ts";

/** A link that keeps the chat open and gives the other page no handle on this one. */
export function outerLink(href: string, label: string, view: View, className = ""): TemplateResult {
  const page = /^https?:/.test(href);
  return html`<a class=${className} href=${href} target=${page ? "_blank" : nothing} rel=${page ? "noopener noreferrer" : nothing}
    >${label}${page ? html`<span class="sr"> (${view.t.newWindow})</span>` : nothing}</a>`;
}

/** A link that is short enough for one line is not broken over two. */
const ONE_LINE = 24;

/** The text with its numbers kept in one piece. */
export function plainText(text: string): TemplateResult {
  return html`${codeParts(text).map((part) => (part.code ? html`<span class="keep">${part.text}</span>` : part.text))}`;
}

/** The text with its links, without any element around it. */
export function richText(text: string, view: View): TemplateResult {
  return html`${linkParts(text, view.server).map((part) => {
    if (part.href === "") return plainText(part.text);
    const shown = shownAddress(part.text, part.href, view.server);
    return outerLink(part.href, shown, view, shown.length > ONE_LINE ? "" : "keep");
  })}`;
}

export function textBlock(text: string, view: View): TemplateResult | typeof nothing {
  return text === "" ? nothing : html`<p class="bubble" lang=${languageOf(text)}>${richText(text, view)}</p>`;
}

export function linkRow(links: readonly { label: string; url: string }[], view: View): TemplateResult | typeof nothing {
  const safe = links.flatMap((link) => {
    const href = safeLink(link.url, view.server);
    return href === null ? [] : [{ href, label: link.label || link.url }];
  });
  if (safe.length === 0) return nothing;
  return html`<div class="links">${safe.map((link) => outerLink(link.href, link.label, view, "action"))}</div>`;
}
