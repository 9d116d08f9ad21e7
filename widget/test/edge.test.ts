// SPDX-License-Identifier: Apache-2.0
/** What comes from outside – the API, addresses, attributes, storage – is checked where it comes in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { accentOf } from "../src/colour.ts";
import { codeParts, linkParts, safeImage, safeLink, shownAddress } from "../src/links.ts";
import { browserMemory, usable } from "../src/memory.ts";
import { optionsFrom } from "../src/options.ts";
import { parseBlock, parseEvents } from "../src/protocol.ts";
import { asLocale, languageOf, STRINGS } from "../src/strings.ts";
import { clock, day, moment } from "../src/time.ts";
import { uuid } from "../src/uuid.ts";

const SERVER = "https://chat.example.go.th";
const links = (text: string): string[] => linkParts(text, SERVER).filter((part) => part.href !== "").map((part) => part.href);

test("only https, tel, mailto and the server's own pages become links", () => {
  for (const bad of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "http://example.com/", "//example.com/", "/\\example.com",
    " javascript:alert(1)", "vbscript:x", "https://", "ftp://example.com", ""]) {
    assert.equal(safeLink(bad, SERVER), null, bad);
  }
  assert.equal(safeLink("tel:1669", SERVER), "tel:1669");
  assert.equal(safeLink("mailto:a@example.go.th", SERVER), "mailto:a@example.go.th");
  assert.equal(safeLink("/privacy", SERVER), `${SERVER}/privacy`);
  assert.equal(safeLink("http://127.0.0.1:8080/privacy", "http://127.0.0.1:8080"), "http://127.0.0.1:8080/privacy");
  assert.equal(safeLink("http://127.0.0.1:8080/privacy", "http://localhost:8080"), "http://127.0.0.1:8080/privacy");
  assert.equal(safeLink("http://127.0.0.1:9090/privacy", "http://localhost:8080"), null);
  assert.equal(safeImage("tel:1669", SERVER), null);
  assert.equal(safeImage("https://example.go.th/a.png", SERVER), "https://example.go.th/a.png");
});

test("addresses in a text are found up to the Thai words or the punctuation behind them", () => {
  assert.deepEqual(links("ดูที่ https://www.example.go.th/a?b=1ได้เลย"), ["https://www.example.go.th/a?b=1"]);
  assert.deepEqual(links("(https://example.go.th/a_(b)). จบ"), ["https://example.go.th/a_(b)"]);
  assert.deepEqual(links("อ่านเพิ่มที่ /privacy ค่ะ"), [`${SERVER}/privacy`]);
  assert.deepEqual(links("24/7 และ/หรือ ก/ข a/privacy //evil.example http://evil.example/ javascript:alert(1)"), []);
});

test("the parts of a text always join to the text", () => {
  for (const text of ["", "ก", "https://a.go.th", "x https://a.go.th, /privacy) http://b https://", "https://a.go.thhttps://b.go.th/ก"]) {
    assert.equal(linkParts(text, SERVER).map((part) => part.text).join(""), text);
  }
});

test("of a page of the chat server its path is shown, of any other page the whole address", () => {
  const shown = (text: string, server = SERVER): string[] => linkParts(text, server).filter((part) => part.href !== "")
    .map((part) => shownAddress(part.text, part.href, server));
  assert.deepEqual(shown(`อ่านเพิ่มที่ ${SERVER}/privacy ค่ะ`), ["/privacy"]);
  assert.deepEqual(shown("http://127.0.0.1:8080/privacy?a=1", "http://localhost:8080"), ["/privacy?a=1"]);
  assert.deepEqual(shown("/privacy"), ["/privacy"]);
  assert.deepEqual(shown(`${SERVER}/ https://chat.example.go.th.evil.example/privacy`), [`${SERVER}/`, "https://chat.example.go.th.evil.example/privacy"]);
});

test("numbers that are read out are parts of their own, and the parts join to the text", () => {
  const codes = (text: string): string[] => {
    const parts = codeParts(text);
    assert.equal(parts.map((part) => part.text).join(""), text);
    return parts.filter((part) => part.code).map((part) => part.text);
  };
  assert.deepEqual(codes("เรื่องเลขที่ 2569-7KMPX4ค่ะ โทร 02-241-9000"), ["2569-7KMPX4", "02-241-9000"]);
  assert.deepEqual(codes("จันทร์–ศุกร์ 08:30–16:30 น. PM2.5 24-ชั่วโมง"), []);
  assert.deepEqual(codes(""), []);
});

test("unknown blocks and broken fields are left out, known ones survive", () => {
  assert.equal(parseBlock({ type: "hologram" }), null);
  assert.equal(parseBlock(null), null);
  assert.equal(parseBlock({ type: "text", text: { toString: "x" } }), null);
  assert.deepEqual(parseBlock({ type: "choices", choices: [{ id: "1", label: "ใช่" }, { label: "ไม่มีรหัส" }, 5] }),
    { type: "choices", text: "", choices: [{ id: "1", label: "ใช่" }] });
  const card = parseBlock({ type: "card", title: "ก", level: "9", fields: [{ label: "ค่า", value: 12.5 }], source: { name: "s", sandbox: "yes" } });
  assert.deepEqual(card, { type: "card", title: "ก", text: "", level: 0, links: [], fields: [{ label: "ค่า", value: "12.5" }],
    source: { name: "s", url: "", observedAt: "", fetchedAt: "", sandbox: false, label: "" } });
  assert.deepEqual(parseBlock({ type: "location", lat: 18.79, lon: 98.98 }), { type: "location", lat: 18.79, lon: 98.98 });
  assert.equal(parseBlock({ type: "location", lat: "x" }), null);
});

test("a download is only ever a path of the chat's own API, because the token goes with it", () => {
  assert.deepEqual(parseBlock({ type: "download", label: "ข้อมูลของฉัน", path: "/chat/export" }), { type: "download", label: "ข้อมูลของฉัน", path: "/chat/export" });
  for (const path of ["https://example.com/chat/export", "//example.com/chat/export", "/chat/../export", "/chat/export?x", "/other", ""]) {
    assert.equal(parseBlock({ type: "download", label: "x", path }), null, path);
  }
});

test("events come in order, an unknown author is the system, and a page that is no list of events is an error", () => {
  const events = parseEvents({ events: [{ seq: 2, from: "martian", at: "", blocks: [{ type: "new" }] }, { seq: 1, from: "bot" }, { seq: "3" }, null] });
  assert.deepEqual(events.map(({ seq, from, blocks }) => [seq, from, blocks.length]), [[1, "bot", 0], [2, "system", 0]]);
  assert.throws(() => parseEvents({ login: "hotel wifi" }), TypeError);
});

test("times are Bangkok's, with 24 hours and, in Thai, the Buddhist year", () => {
  assert.equal(clock("2026-11-22T17:05:00Z", "th"), "00:05 น.");
  assert.equal(day("2026-11-22T17:05:00Z", "th"), "23 พฤศจิกายน 2569");
  assert.equal(day("2026-11-22T17:05:00Z", "en"), "23 November 2026");
  assert.equal(moment("2026-11-22T14:00:00+07:00", "th"), "22 พ.ย. 2569 14:00 น.");
  assert.equal(moment("yesterday", "th"), "");
});

test("any agency colour gets an ink with a contrast of at least 4.5", () => {
  const light = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const c = parseInt(hex.slice(at, at + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (let n = 0; n < 0xffffff; n += 4099) {
    const colour = `#${n.toString(16).padStart(6, "0")}`;
    const found = accentOf(colour);
    assert.ok(found !== null);
    const [high, low] = [light(colour), light(found.ink)].sort((a, b) => b - a) as [number, number];
    assert.ok((high + 0.05) / (low + 0.05) >= 4.5, `${found.ink} on ${colour}`);
  }
  assert.deepEqual(accentOf("#fff"), { accent: "#fff", ink: "#000000" });
  for (const bad of ["", "red", "#12", "#0c4f6d;}", "url(x)"]) assert.equal(accentOf(bad), null, bad);
});

test("options have safe defaults and refuse addresses that are not web addresses", () => {
  const read = (given: Record<string, string>) => optionsFrom((name) => given[name] ?? null, "https://bot.example.go.th");
  const plain = read({});
  assert.equal(plain.server, "https://bot.example.go.th");
  assert.equal(plain.privacyUrl, "https://bot.example.go.th/privacy");
  assert.equal(plain.locale, null);
  assert.equal(plain.theme, "auto");
  const odd = read({ api: "javascript:x", "privacy-url": "javascript:x", lang: "fr", position: "up", theme: "pink" });
  assert.equal(odd.server, plain.server);
  assert.equal(odd.privacyUrl, plain.privacyUrl);
  assert.equal(odd.left, false);
  const own = read({ api: "https://chat.example.go.th/", position: "left", lang: "en-GB", suggestions: "ก | ข |", open: "" });
  assert.deepEqual([own.server, own.left, own.locale, own.open], ["https://chat.example.go.th", true, "en", true]);
  assert.deepEqual(own.suggestions, ["ก", "ข"]);
});

test("a browser that forbids storage, or holds rubbish in it, still gets a chat", () => {
  const forbidden = usable(() => { throw new DOMException("denied"); });
  const memory = browserMemory(SERVER, forbidden, forbidden);
  memory.keepSession({ session: "s", token: "t" });
  assert.deepEqual(memory.session(), { session: "s", token: "t" });
  forbidden.setItem(`pracha:${SERVER}:session`, "{broken");
  forbidden.setItem(`pracha:${SERVER}:outbox`, "5");
  assert.equal(memory.session(), null);
  assert.deepEqual(memory.outbox(), []);
  assert.equal(memory.draft(), "");
});

test("two chat servers on one page do not share a session", () => {
  const store = usable(() => { throw new Error(); });
  browserMemory(SERVER, store, store).keepSession({ session: "s", token: "t" });
  assert.equal(browserMemory("https://other.example.go.th", store, store).session(), null);
});

test("every word exists in both languages, and Thai says ค่ะ and คะ, never ครับ", () => {
  const words = (value: unknown): string[] => typeof value === "string" ? [value] : typeof value === "function" ? [String(value(3))]
    : Object.values(value as object).flatMap(words);
  assert.deepEqual(Object.keys(STRINGS.th), Object.keys(STRINGS.en));
  for (const word of [...words(STRINGS.th), ...words(STRINGS.en)]) assert.ok(word.trim() !== "" && !/ครับ|คับ|นะค่ะ|ไหมค่ะ/.test(word), word);
  assert.equal(asLocale("en-US"), "en");
  assert.equal(asLocale("fr"), null);
  assert.equal(languageOf("PM2.5 วันนี้"), "th");
});

test("message ids are version-4 UUIDs, also where randomUUID is missing", () => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(uuid(), shape);
  const before = crypto.randomUUID;
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  try {
    assert.match(uuid(), shape);
    assert.notEqual(uuid(), uuid());
  } finally {
    Object.defineProperty(crypto, "randomUUID", { value: before, configurable: true });
  }
});
