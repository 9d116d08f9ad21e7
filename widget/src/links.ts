// SPDX-License-Identifier: Apache-2.0
/** Which addresses may become links, and where they stand in a text. */

export interface TextPart { readonly text: string; readonly href: string }

/** The address to use for a card's link, or null: only https, tel, mailto and pages of the chat server itself. */
export function safeLink(url: string, server: string): string | null {
  if (url.startsWith("/") || /^http:/i.test(url)) return sameOrigin(url, server);
  if (!/^(https|tel|mailto):/i.test(url)) return null;
  try {
    return new URL(url).href;
  } catch {
    return null;
  }
}

/** An address for an `<img>`: https, or the chat server itself; null otherwise. */
export function safeImage(url: string, server: string): string | null {
  const href = safeLink(url, server);
  return href !== null && /^https?:/.test(href) ? href : null;
}

/** What a citizen reads of an address: of the chat server's own pages the path, which fits on a line; of others all. */
export function shownAddress(shown: string, href: string, server: string): string {
  const page = /^https?:/i.test(shown) ? sameOrigin(href, server) : null;
  if (page === null) return shown;
  const { pathname, search } = new URL(page);
  return pathname === "/" ? shown : pathname + search;
}

/** Numbers that are read out or copied (2569-7KMPX4, 02-241-9000) as parts of their own; joined they give the text. */
export function codeParts(text: string): { readonly text: string; readonly code: boolean }[] {
  return text.split(/(\d[\dA-Z]{0,9}(?:-[\dA-Z]{2,10}){1,3})/).map((part, at) => ({ text: part, code: at % 2 === 1 })).filter((part) => part.text !== "");
}

/** A page of the chat server, else null; `//other.example` and its disguises (`/\\other`) are other origins here. */
function sameOrigin(url: string, server: string): string | null {
  try {
    const target = new URL(url, server);
    const home = new URL(server);
    // On a laptop the page may be opened as localhost while the server calls itself 127.0.0.1.
    const sameMachine = target.port === home.port && [target, home].every(({ hostname }) => /^(localhost|127\.0\.0\.1)$/.test(hostname));
    return target.origin === home.origin || sameMachine ? target.href : null;
  } catch {
    return null;
  }
}

// An https address, or a path of the chat server. Thai text right behind an address ends it. (No look-behind in the
// pattern: Safari before 16.4 would refuse the whole script.)
const ADDRESS = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+|\/[a-z][\w\-.~/?#&=%+]*/gi;
const TRAILING = /[.,;:!?'")\]]+$/;

/** The text cut into plain parts (`href` empty) and links; joining the `text`s gives the input back. */
export function linkParts(text: string, server: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    let shown = match[0].replace(TRAILING, "");
    // A closing bracket belongs to the address when it was opened inside it.
    if (shown.includes("(") && match[0][shown.length] === ")") shown += ")";
    const before = text[match.index - 1] ?? " ";
    const href = shown.startsWith("/") && !/[\s(]/.test(before) ? null : safeLink(shown, server);
    if (href === null) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: "" });
    parts.push({ text: shown, href });
    end = match.index + shown.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: "" });
  return parts;
}
