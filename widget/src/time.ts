// SPDX-License-Identifier: Apache-2.0
/** Times as people in Thailand read them: 24 hours, Bangkok time, Buddhist years in Thai. */
import type { Locale } from "./strings.ts";

const ZONE = "Asia/Bangkok";
const CALENDAR: Record<Locale, string> = { th: "th-TH-u-ca-buddhist-nu-latn", en: "en-GB" };

function parts(instant: string, locale: Locale, options: Intl.DateTimeFormatOptions): Record<string, string> | null {
  const date = new Date(instant);
  if (instant === "" || Number.isNaN(date.getTime())) return null;
  const found = new Intl.DateTimeFormat(CALENDAR[locale], { timeZone: ZONE, ...options }).formatToParts(date);
  return Object.fromEntries(found.map((part) => [part.type, part.value]));
}

/** `14:05 น.` or `14:05`; empty when the instant cannot be read. */
export function clock(instant: string, locale: Locale): string {
  const at = parts(instant, locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return at === null ? "" : `${at.hour}:${at.minute}${locale === "th" ? " น." : ""}`;
}

/** `22 พฤศจิกายน 2568` or `22 November 2025` (`short`: `22 พ.ย. 2568`); empty when the instant cannot be read. */
export function day(instant: string, locale: Locale, month: "long" | "short" = "long"): string {
  // The era must not be asked for: Thai's own pattern then adds "พ.ศ.", which nobody writes in a chat.
  const at = parts(instant, locale, { day: "numeric", month, year: "numeric" });
  return at === null ? "" : `${at.day} ${at.month} ${at.year}`;
}

/** Date and time of a measurement: `22 พ.ย. 2568 14:00 น.`. */
export function moment(instant: string, locale: Locale): string {
  return [day(instant, locale, "short"), clock(instant, locale)].filter(Boolean).join(" ");
}
