// SPDX-License-Identifier: Apache-2.0
/** The conversation as data: what the server said, what is still to be sent, and how the two meet. Pure functions. */
import type { ChatEvent, Said } from "./protocol.ts";

export type SendStatus = "queued" | "sending" | "sent" | "failed";

/** One message of this browser; `id` is the client's UUID and never changes, so a retry is the same message. */
export interface Outgoing {
  readonly id: string;
  readonly said: Said;
  /** What the bubble shows: the text, or the label of the choice. */
  readonly label: string;
  readonly at: string;
  readonly status: SendStatus;
  /** The last seq known when it was written: an echo of it can only come later. */
  readonly after: number;
  /** The server's number for it, 0 until accepted. */
  readonly seq: number;
  /** The server's own sentence why it was refused, or empty. */
  readonly reason: string;
}

export type Notice = "" | "expired";

export interface Conversation {
  readonly events: readonly ChatEvent[];
  readonly outbox: readonly Outgoing[];
  readonly notice: Notice;
  /** The ids of this page's own messages by their seq: the bubble stays the same when its event comes. */
  readonly ids: Readonly<Record<number, string>>;
}

export const EMPTY: Conversation = { events: [], outbox: [], notice: "", ids: {} };

/** The highest seq received, 0 before the first event. */
export const lastSeq = (state: Conversation): number => state.events[state.events.length - 1]?.seq ?? 0;

/** The seq of the event before which the citizen had everything erased, 0 when they had not. */
const erasedBefore = (events: readonly ChatEvent[]): number =>
  events.reduce((seq, event) => (event.forget === true && event.seq > seq ? event.seq : seq), 0);

/**
 * Adds events, each seq once and in order; messages of ours that came back leave the outbox. What came before an
 * erasing goes, here too: the server shows it to nobody any more.
 */
export function received(state: Conversation, incoming: readonly ChatEvent[]): Conversation {
  const known = new Set(state.events.map((event) => event.seq));
  const fresh = incoming.filter((event) => !known.has(event.seq) && known.add(event.seq));
  if (fresh.length === 0) return state;
  const all = [...state.events, ...fresh].sort((a, b) => a.seq - b.seq);
  const first = erasedBefore(all);
  return {
    ...state,
    events: all.filter((event) => event.seq >= first),
    outbox: state.outbox.filter((out) => out.seq === 0 || (out.seq >= first && !known.has(out.seq))),
  };
}

export function queued(state: Conversation, id: string, said: Said, label: string, at: string): Conversation {
  const out: Outgoing = { id, said, label, at, status: "queued", after: lastSeq(state), seq: 0, reason: "" };
  return { ...state, outbox: [...state.outbox, out] };
}

function changed(state: Conversation, id: string, change: Partial<Outgoing>): Conversation {
  return { ...state, outbox: state.outbox.map((out) => (out.id === id ? { ...out, ...change } : out)) };
}

export const sending = (state: Conversation, id: string): Conversation => changed(state, id, { status: "sending" });
export const waiting = (state: Conversation, id: string): Conversation => changed(state, id, { status: "queued", reason: "" });
export const refused = (state: Conversation, id: string, reason: string): Conversation =>
  changed(state, id, { status: "failed", reason });
export const discarded = (state: Conversation, id: string): Conversation =>
  ({ ...state, outbox: state.outbox.filter((out) => out.id !== id) });

/** The server took the message and numbered it; when its event, or its erasing, was faster it leaves the outbox at once. */
export function accepted(state: Conversation, id: string, seq: number): Conversation {
  const known = { ...state, ids: { ...state.ids, [seq]: id } };
  if (seq < erasedBefore(state.events) || state.events.some((event) => event.seq === seq)) return discarded(known, id);
  return changed(known, id, { status: "sent", seq });
}

/** A new session after the old one was refused: nothing of it is left but what was not sent yet. */
export function restarted(state: Conversation, notice: Notice): Conversation {
  const outbox = state.outbox
    // The id of a choice belongs to the session that is gone; what was accepted there is gone with it.
    .filter((out) => out.seq === 0 && ("text" in out.said || "location" in out.said))
    .map((out): Outgoing => ({ ...out, after: 0 }));
  return { events: [], outbox, notice, ids: {} };
}

/** The next message to send: one at a time and in order, passing over those that wait for the citizen's retry. */
export const nextToSend = (state: Conversation): Outgoing | undefined =>
  state.outbox.find((out) => out.status === "queued" || out.status === "sending");

function isEchoOf(event: ChatEvent, out: Outgoing): boolean {
  if (event.from !== "citizen" || event.seq <= out.after) return false;
  if (out.seq !== 0) return event.seq === out.seq;
  const said = out.said;
  return event.blocks.some((block) =>
    "media" in said ? block.type === "image" && block.media === said.media
    : "location" in said ? block.type === "location"
    : block.type === "text" && block.text === out.label);
}

/**
 * The messages whose event is already there, by its seq: the long-poll can be faster than the answer to the POST, and
 * the bubble must not stand twice meanwhile. One event stands for one message.
 */
export function echoes(state: Conversation): ReadonlyMap<number, Outgoing> {
  const found = new Map<number, Outgoing>();
  for (const out of state.outbox) {
    if (out.status === "failed") continue;
    const echo = state.events.find((event) => !found.has(event.seq) && state.ids[event.seq] === undefined && isEchoOf(event, out));
    if (echo !== undefined) found.set(echo.seq, out);
  }
  return found;
}

/** The outbox without what the log shows already. */
export function unseen(state: Conversation): readonly Outgoing[] {
  const shown = new Set([...echoes(state).values()]);
  return state.outbox.filter((out) => !shown.has(out));
}

/** The seq of the last thing the citizen said; a choices block after it is still open. */
export function lastCitizenSeq(state: Conversation): number {
  const pending = unseen(state).some((out) => out.status !== "failed");
  if (pending) return Number.MAX_SAFE_INTEGER;
  return state.events.reduce((seq, event) => (event.from === "citizen" ? event.seq : seq), 0);
}

/** True while the citizen's last message was accepted and nobody answered it yet. */
export function awaitsAnswer(state: Conversation): boolean {
  const mine = unseen(state);
  if (mine.some((out) => out.status === "sent" || out.status === "sending")) return true;
  return mine.every((out) => out.status === "failed") && state.events[state.events.length - 1]?.from === "citizen";
}

/** How many events of the other side are newer than `seen`. */
export const unreadCount = (state: Conversation, seen: number): number =>
  state.events.filter((event) => event.seq > seen && event.from !== "citizen" && event.blocks.length > 0).length;
