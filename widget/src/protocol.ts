// SPDX-License-Identifier: Apache-2.0
/** What the chat API says, parsed once at the edge: anything unknown is left out, nothing is trusted. */

export type Author = "citizen" | "bot" | "officer" | "system";

export interface Choice { readonly id: string; readonly label: string }
export interface Field { readonly label: string; readonly value: string }
export interface Link { readonly label: string; readonly url: string }
export interface Source {
  readonly name: string;
  readonly url: string;
  /** ISO 8601 instants, or empty. */
  readonly observedAt: string;
  readonly fetchedAt: string;
  readonly sandbox: boolean;
  /** The server's own words for `sandbox`, or empty. */
  readonly label: string;
}
export interface TextBlock { readonly type: "text"; readonly text: string }
export interface ChoicesBlock { readonly type: "choices"; readonly text: string; readonly choices: readonly Choice[] }
export interface CardBlock {
  readonly type: "card";
  readonly title: string;
  readonly text: string;
  readonly fields: readonly Field[];
  /** Air quality band 1 (best) to 5 (worst); 0 when the card has none. */
  readonly level: number;
  readonly source: Source | null;
  readonly links: readonly Link[];
}
export interface CarouselBlock { readonly type: "carousel"; readonly cards: readonly CardBlock[] }
export interface ImageBlock { readonly type: "image"; readonly url: string; readonly media: string; readonly alt: string }
export interface LocationBlock { readonly type: "location"; readonly lat: number; readonly lon: number }
export interface AskBlock { readonly type: "location_request" | "photo_request"; readonly text: string; readonly label: string }
/** A file of the citizen's own, at a path of the chat server that wants the session's token. */
export interface DownloadBlock { readonly type: "download"; readonly label: string; readonly path: string }
export type Block = TextBlock | ChoicesBlock | CardBlock | CarouselBlock | ImageBlock | LocationBlock | AskBlock | DownloadBlock;

/** One entry of the conversation; `seq` is the server's number, `at` an ISO 8601 instant. */
export interface ChatEvent {
  readonly seq: number;
  readonly from: Author;
  readonly at: string;
  readonly blocks: readonly Block[];
  /** The conversation was erased: nothing before this event is shown any more. */
  readonly forget?: true;
}

/** The body of one message to the server, without its id. */
export type Said =
  | { readonly text: string }
  | { readonly choice: string }
  | { readonly location: { readonly lat: number; readonly lon: number } }
  | { readonly media: string };

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const objects = (value: unknown): readonly Json[] => list(value).filter(isObject);

function parseSource(value: unknown): Source | null {
  if (!isObject(value)) return null;
  return {
    name: text(value.name),
    url: text(value.url),
    observedAt: text(value.observed_at),
    fetchedAt: text(value.fetched_at),
    sandbox: value.sandbox === true,
    label: text(value.label),
  };
}

function parseCard(value: Json): CardBlock {
  const level = Number(value.level ?? 0);
  return {
    type: "card",
    title: text(value.title),
    text: text(value.text),
    fields: objects(value.fields).map((field) => ({ label: text(field.label), value: text(field.value) })),
    level: Number.isInteger(level) && level >= 1 && level <= 5 ? level : 0,
    source: parseSource(value.source),
    links: objects(value.links).map((link) => ({ label: text(link.label), url: text(link.url) })),
  };
}

function parseLocation(value: Json): LocationBlock | null {
  const point = isObject(value.location) ? value.location : value;
  const lat = Number(point.lat);
  const lon = Number(point.lon);
  return Number.isFinite(lat) && Number.isFinite(lon) ? { type: "location", lat, lon } : null;
}

/** One block, or null when its type is unknown or it has nothing to show. */
export function parseBlock(value: unknown): Block | null {
  if (!isObject(value)) return null;
  switch (value.type) {
    case "text": {
      const said = text(value.text);
      return said === "" ? null : { type: "text", text: said };
    }
    case "choices": {
      const choices = objects(value.choices)
        .map((choice) => ({ id: text(choice.id), label: text(choice.label) }))
        .filter((choice) => choice.id !== "" && choice.label !== "");
      return { type: "choices", text: text(value.text), choices };
    }
    case "card":
      return parseCard(value);
    case "carousel":
      return { type: "carousel", cards: objects(value.cards).map(parseCard) };
    case "image":
      return { type: "image", url: text(value.url), media: text(value.media), alt: text(value.alt) };
    case "location":
      return parseLocation(value);
    case "location_request":
    case "photo_request":
      return { type: value.type, text: text(value.text), label: text(value.label) };
    case "download": {
      const path = text(value.path);
      return /^\/chat\/[a-z]+$/.test(path) ? { type: "download", label: text(value.label), path } : null;
    }
    default:
      return null;
  }
}

function parseAuthor(value: unknown): Author {
  return value === "citizen" || value === "bot" || value === "officer" ? value : "system";
}

/**
 * The events of `{"events": [...]}` in order of seq. An event whose blocks are all unknown stays in (its seq counts)
 * with no blocks. Throws TypeError when the answer has no list of events, so that a captive portal's page is an error.
 */
export function parseEvents(json: unknown): ChatEvent[] {
  if (!isObject(json) || !Array.isArray(json.events)) throw new TypeError("no list of events");
  return objects(json.events)
    .filter((event) => Number.isSafeInteger(event.seq))
    .map((event) => ({
      seq: event.seq as number,
      from: parseAuthor(event.from),
      at: text(event.at),
      blocks: list(event.blocks).map(parseBlock).filter((block): block is Block => block !== null),
      ...(event.forget === true ? { forget: true as const } : {}),
    }))
    .sort((a, b) => a.seq - b.seq);
}
