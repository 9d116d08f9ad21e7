// SPDX-License-Identifier: Apache-2.0
/** What a webmaster sets with `data-*`, on the script tag or on `<pracha-chat>`, checked and completed. */
import { accentOf } from "./colour.ts";
import { asLocale, type Locale } from "./strings.ts";

export interface Options {
  /** Origin of the chat server, `https://chat.example.go.th`. */
  readonly server: string;
  readonly title: string;
  /** Null: as remembered, else as the page. */
  readonly locale: Locale | null;
  readonly left: boolean;
  readonly theme: "auto" | "light" | "dark";
  readonly privacyUrl: string;
  readonly colours: { readonly accent: string; readonly ink: string } | null;
  /** Starters of an empty conversation; null means the widget's own. */
  readonly suggestions: readonly string[] | null;
  /** Open the panel at once (a page that is only the chat). */
  readonly open: boolean;
}

/** The names that pass from the script tag to the element it makes. */
export const OPTION_NAMES = ["title", "lang", "position", "api", "privacy-url", "color", "theme", "suggestions", "open"];

function webUrl(value: string, base: string): URL | null {
  try {
    const url = new URL(value, base);
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** `read` gives a `data-` attribute by its name without the prefix; `home` is the origin that served the script. */
export function optionsFrom(read: (name: string) => string | null, home: string): Options {
  const server = (webUrl(read("api") || home, home) ?? new URL(home)).origin;
  const theme = read("theme");
  const suggestions = read("suggestions");
  return {
    server,
    title: read("title") ?? "",
    locale: asLocale(read("lang")),
    left: read("position") === "left",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    privacyUrl: (webUrl(read("privacy-url") || "/privacy", server) ?? new URL("/privacy", server)).href,
    colours: accentOf(read("color") ?? ""),
    suggestions: suggestions === null ? null : suggestions.split("|").map((text) => text.trim()).filter(Boolean),
    open: read("open") !== null,
  };
}
