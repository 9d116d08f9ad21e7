// SPDX-License-Identifier: Apache-2.0
/** Lays a conversation out as rows: days, groups of one author, and which questions are still open. */
import type { Author, Block } from "./protocol.ts";
import { echoes, lastCitizenSeq, unseen, type Conversation, type Outgoing } from "./store.ts";
import type { Locale } from "./strings.ts";
import { clock, day } from "./time.ts";

export interface DayRow { readonly kind: "day"; readonly key: string; readonly label: string }
export interface MessageRow {
  readonly kind: "message";
  readonly key: string;
  readonly from: Author;
  readonly blocks: readonly Block[];
  /** `14:05 น.`, shown under the last row of a group. */
  readonly time: string;
  readonly first: boolean;
  readonly last: boolean;
  /** Choices and requests in it can still be used. */
  readonly open: boolean;
  /** Set for what is not confirmed by the server's log yet. */
  readonly outgoing: Outgoing | null;
}
export type Row = DayRow | MessageRow;

type Draft = Omit<MessageRow, "first" | "last" | "time"> & { readonly at: string };

function outgoingBlocks(out: Outgoing): readonly Block[] {
  const said = out.said;
  if ("location" in said) return [{ type: "location", ...said.location }];
  if ("media" in said) return [{ type: "image", url: "", media: said.media, alt: "" }];
  return [{ type: "text", text: out.label }];
}

/** Rows from oldest to newest; `key`s are stable, so that a row keeps its element and is read aloud once. */
export function timeline(state: Conversation, locale: Locale): readonly Row[] {
  const answered = lastCitizenSeq(state);
  const own = echoes(state);
  const drafts: Draft[] = state.events
    .filter((event) => event.blocks.length > 0)
    .map((event) => ({
      kind: "message", key: state.ids[event.seq] ?? own.get(event.seq)?.id ?? `e${event.seq}`, from: event.from, blocks: event.blocks, at: event.at,
      open: event.from !== "citizen" && event.seq > answered, outgoing: null,
    }));
  for (const out of unseen(state)) {
    drafts.push({ kind: "message", key: out.id, from: "citizen", blocks: outgoingBlocks(out), at: out.at, open: false, outgoing: out });
  }
  const rows: Row[] = [];
  drafts.forEach((draft, at) => {
    const { at: instant, ...rest } = draft;
    const before = drafts[at - 1];
    const after = drafts[at + 1];
    const label = day(instant, locale);
    const newDay = label !== "" && (before === undefined || day(before.at, locale) !== label);
    if (newDay) rows.push({ kind: "day", key: `d${draft.key}`, label });
    const time = clock(instant, locale);
    rows.push({
      ...rest,
      time,
      first: newDay || before?.from !== draft.from,
      last: after?.from !== draft.from || clock(after.at, locale) !== time || day(after.at, locale) !== label,
    });
  });
  return rows;
}
