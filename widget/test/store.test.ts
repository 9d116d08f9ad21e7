// SPDX-License-Identifier: Apache-2.0
/** The conversation as data: nothing twice, nothing lost, nothing out of order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEvents, type ChatEvent } from "../src/protocol.ts";
import {
  accepted, awaitsAnswer, EMPTY, lastCitizenSeq, lastSeq, nextToSend, queued, received, refused, restarted, sending, unreadCount,
  unseen, waiting, type Conversation,
} from "../src/store.ts";
import { timeline } from "../src/timeline.ts";

const AT = "2026-11-22T07:05:00Z";
const event = (seq: number, from: ChatEvent["from"], text: string, at = AT): ChatEvent =>
  ({ seq, from, at, blocks: [{ type: "text", text }] });
const asks = (seq: number): ChatEvent =>
  ({ seq, from: "bot", at: AT, blocks: [{ type: "choices", text: "ใช่ไหมคะ", choices: [{ id: `${seq}.0.0`, label: "ใช่" }] }] });
const wrote = (text: string, id = "u1", state: Conversation = EMPTY): Conversation => queued(state, id, { text }, text, AT);
const shown = (state: Conversation): string[] =>
  timeline(state, "th").flatMap((row) => (row.kind === "message" ? row.blocks.flatMap((b) => (b.type === "text" ? [b.text] : [])) : []));

test("each seq is kept once and in order, however the answers overlap", () => {
  let state = received(EMPTY, [event(3, "bot", "c"), event(1, "citizen", "a")]);
  state = received(state, [event(1, "citizen", "a"), event(2, "bot", "b"), event(2, "bot", "b"), event(3, "bot", "c")]);
  assert.deepEqual(state.events.map((one) => one.seq), [1, 2, 3]);
  assert.equal(lastSeq(state), 3);
});

test("nothing new leaves the state as it is, so that nothing is drawn again", () => {
  const state = received(EMPTY, [event(1, "bot", "a")]);
  assert.equal(received(state, [event(1, "bot", "a")]), state);
});

test("an erasing drops every earlier event, also one that comes late, and nothing that came after it", () => {
  const erased: ChatEvent = { ...event(4, "bot", "ลบแล้วค่ะ"), forget: true };
  let state = received(EMPTY, [event(1, "citizen", "ไฟดับ"), event(2, "bot", "ที่ไหนคะ"), event(3, "citizen", "ลบข้อมูลของฉัน")]);
  state = received(state, [erased]);
  assert.deepEqual(shown(state), ["ลบแล้วค่ะ"]);
  state = received(state, [event(2, "bot", "ที่ไหนคะ"), event(5, "citizen", "สวัสดี")]);
  assert.deepEqual(shown(state), ["ลบแล้วค่ะ", "สวัสดี"]);
  assert.equal(lastSeq(state), 5);
});

test("a message whose event was erased does not wait for it in the outbox, one that was not sent yet does", () => {
  const erased: ChatEvent = { ...event(3, "bot", "ลบแล้วค่ะ"), forget: true };
  let state = wrote("ใหม่", "u3", wrote("ลบ", "u2", accepted(sending(wrote("ไฟดับ", "u1"), "u1"), "u1", 1)));
  state = received(sending(state, "u2"), [erased]);
  assert.deepEqual(state.outbox.map((out) => out.id), ["u2", "u3"]);
  state = accepted(state, "u2", 2);
  assert.deepEqual(state.outbox.map((out) => out.id), ["u3"]);
  assert.deepEqual(shown(state), ["ลบแล้วค่ะ", "ใหม่"]);
});

test("the server's word for an erasing is true and nothing else", () => {
  const wire = (forget: unknown): unknown => ({ events: [{ seq: 1, from: "bot", at: AT, blocks: [], forget }] });
  assert.equal(parseEvents(wire(true))[0]?.forget, true);
  for (const other of [undefined, false, "true", 1]) assert.equal(parseEvents(wire(other))[0]?.forget, undefined);
});

test("a message that was accepted leaves the outbox when its event comes", () => {
  let state = accepted(sending(wrote("ไฟดับ"), "u1"), "u1", 1);
  assert.deepEqual(shown(state), ["ไฟดับ"]);
  state = received(state, [event(1, "citizen", "ไฟดับ")]);
  assert.equal(state.outbox.length, 0);
  assert.deepEqual(shown(state), ["ไฟดับ"]);
});

test("an event that is faster than the answer to its POST does not show the message twice", () => {
  const state = received(sending(wrote("ไฟดับ"), "u1"), [event(1, "citizen", "ไฟดับ"), event(2, "bot", "ที่ไหนคะ")]);
  assert.deepEqual(shown(state), ["ไฟดับ", "ที่ไหนคะ"]);
  assert.equal(unseen(state).length, 0);
  assert.equal(accepted(state, "u1", 1).outbox.length, 0);
});

test("one event stands for one of two equal messages", () => {
  let state = sending(wrote("ok", "u2", wrote("ok", "u1")), "u1");
  state = received(state, [event(1, "citizen", "ok")]);
  assert.deepEqual(shown(state), ["ok", "ok"]);
  assert.deepEqual(unseen(state).map((out) => out.id), ["u2"], "the first stands for the first");
  state = accepted(state, "u1", 1);
  assert.deepEqual(shown(state), ["ok", "ok"]);
});

test("an older equal message is not taken for the new one", () => {
  const state = wrote("ok", "u2", received(EMPTY, [event(1, "citizen", "ok"), event(2, "bot", "ค่ะ")]));
  assert.deepEqual(shown(state), ["ok", "ค่ะ", "ok"]);
});

test("the row of a message keeps its key from writing to the server's event, so that it is read aloud once", () => {
  const keys = (state: Conversation): string[] => timeline(state, "th").filter((row) => row.kind === "message").map((row) => row.key);
  let state = sending(wrote("ไฟดับ"), "u1");
  assert.deepEqual(keys(state), ["u1"]);
  state = received(state, [event(1, "citizen", "ไฟดับ")]);
  assert.deepEqual(keys(state), ["u1"]);
  state = accepted(state, "u1", 1);
  assert.deepEqual(keys(state), ["u1"]);
  state = received(state, [event(2, "bot", "ค่ะ")]);
  assert.deepEqual(keys(state), ["u1", "e2"]);
});

test("messages are sent one at a time in the order of writing, past those that were refused", () => {
  let state = wrote("ข", "u2", wrote("ก", "u1"));
  assert.equal(nextToSend(state)?.id, "u1");
  state = refused(state, "u1", "ช้าลงหน่อยนะคะ");
  assert.equal(nextToSend(state)?.id, "u2");
  state = waiting(state, "u1");
  assert.equal(nextToSend(state)?.id, "u1");
});

test("choices stay open until the citizen answers, by tap or by typing, and not before", () => {
  const open = (state: Conversation): boolean[] =>
    timeline(state, "th").flatMap((row) => (row.kind === "message" && row.from === "bot" ? [row.open] : []));
  let state = received(EMPTY, [event(1, "citizen", "แจ้งปัญหา"), asks(2), event(3, "system", "เรื่องของคุณเสร็จแล้วค่ะ")]);
  assert.deepEqual(open(state), [true], "a notice does not close a question");
  const tapped = queued(state, "u1", { choice: "2.0.0" }, "ใช่", AT);
  assert.deepEqual(open(tapped), [false]);
  assert.deepEqual(open(refused(tapped, "u1", "")), [true], "a refused answer opens it again");
  state = received(state, [event(4, "citizen", "ใช่ค่ะ"), asks(5)]);
  assert.deepEqual(open(state), [false, true]);
});

test("the dots stand from sending to the answer", () => {
  let state = wrote("สวัสดี");
  assert.equal(awaitsAnswer(state), false, "nothing has left the phone yet");
  state = accepted(sending(state, "u1"), "u1", 1);
  assert.equal(awaitsAnswer(state), true);
  state = received(state, [event(1, "citizen", "สวัสดี")]);
  assert.equal(awaitsAnswer(state), true);
  assert.equal(awaitsAnswer(received(state, [event(2, "bot", "สวัสดีค่ะ")])), false);
  assert.equal(awaitsAnswer(refused(wrote("x"), "u1", "")), false);
});

test("a new session starts empty, keeps what was not sent, and drops choices that it cannot know", () => {
  let state = received(EMPTY, [event(1, "bot", "เก่า")]);
  state = wrote("ใหม่", "u1", queued(state, "u0", { choice: "1.0.0" }, "ใช่", AT));
  const fresh = restarted(state, "expired");
  assert.deepEqual(shown(fresh), ["ใหม่"]);
  assert.equal(fresh.notice, "expired");
  assert.equal(lastSeq(fresh), 0);
});

test("only what the other side said counts as unread", () => {
  const state = received(EMPTY, [event(1, "bot", "a"), event(2, "citizen", "b"), event(3, "bot", "c"), event(4, "officer", "d")]);
  assert.equal(unreadCount(state, 1), 2);
  assert.equal(lastCitizenSeq(state), 2);
});

test("rows are grouped by author, with a day before the first of each day and the time under the last", () => {
  const rows = timeline(received(EMPTY, [
    event(1, "bot", "a", "2026-11-22T16:58:00Z"), event(2, "bot", "b", "2026-11-22T16:58:30Z"), event(3, "bot", "c", "2026-11-22T17:01:00Z"),
  ]), "th");
  assert.deepEqual(rows.map((row) => (row.kind === "day" ? row.label : `${row.first ? "(" : ""}${row.time}${row.last ? ")" : ""}`)), [
    "22 พฤศจิกายน 2569", "(23:58 น.", "23:58 น.)", "23 พฤศจิกายน 2569", "(00:01 น.)",
  ]);
});

test("an event whose blocks are all unknown shows nothing and breaks nothing", () => {
  const state = received(EMPTY, [event(1, "citizen", "a"), { seq: 2, from: "bot", at: AT, blocks: [] }]);
  assert.equal(timeline(state, "th").filter((row) => row.kind === "message").length, 1);
  assert.equal(lastSeq(state), 2);
  assert.equal(awaitsAnswer(state), false);
});
