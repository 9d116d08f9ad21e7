// SPDX-License-Identifier: Apache-2.0
/** The two loops against a real HTTP server: every message once and in order, whatever the network does. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { startServer, type DevServer, type DevSession, type Verdict } from "../dev/server.mjs";
import { Chat } from "../src/chat.ts";
import { browserMemory, usable } from "../src/memory.ts";
import type { Said } from "../src/protocol.ts";
import { timeline } from "../src/timeline.ts";
import { httpTransport } from "../src/transport.ts";
import { uuid } from "../src/uuid.ts";

let server: DevServer;
let chats: Chat[] = [];

beforeEach(async () => { server = await startServer({ thinkMs: 20 }); });
afterEach(async () => {
  for (const chat of chats) chat.stop();
  chats = [];
  await server.close();
});

type Store = Parameters<typeof browserMemory>[1];
const freshStore = (): Store => usable(() => { throw new Error("no browser here"); });

/** A page: `all` is what its tabs share, `tab` its own. */
function page(all: Store = freshStore(), tab: Store = freshStore()): { chat: Chat; all: Store; tab: Store } {
  const memory = browserMemory(server.origin, all, tab);
  const chat = new Chat({ transport: httpTransport(server.origin), memory, locale: "th", changed: () => undefined, uuid, pace: 0.02 });
  chats.push(chat);
  chat.setOpen(true);
  chat.start();
  return { chat, all, tab };
}

const say = (chat: Chat, text: string): void => chat.say({ text }, text);
const shown = (chat: Chat): string[] => timeline(chat.state, "th").flatMap((row) =>
  row.kind === "message" ? row.blocks.flatMap((b) => (b.type === "text" ? [`${row.from}: ${b.text}`] : [])) : []);
const mine = (chat: Chat): string[] => shown(chat).filter((line) => line.startsWith("citizen: ")).map((line) => line.slice(9));
const answers = (chat: Chat): string[] => shown(chat).filter((line) => line.startsWith("bot: คุณพิมพ์")).map((line) => line.slice(5));
const answerTo = (text: string): string => `คุณพิมพ์ว่า “${text}” ค่ะ`;

async function until(what: () => boolean, withinMs = 5_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!what()) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}
const settled = (chat: Chat, count: number): Promise<void> =>
  until(() => chat.state.outbox.length === 0 && answers(chat).length >= count);
/** The first `times` calls of a path meet with this. */
function fault(path: string, verdict: Verdict, times = 1): void {
  let left = times;
  server.faults.push((request) => (request.path === path && left-- > 0 ? verdict : null));
}
const only = (): DevSession => {
  assert.equal(server.sessions.size, 1, "exactly one session");
  return [...server.sessions.values()][0]!;
};

test("a message is answered, and no session exists before the first one", async () => {
  const { chat } = page();
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  assert.deepEqual(server.requests, []);
  say(chat, "หนึ่ง");
  await settled(chat, 1);
  assert.deepEqual(mine(chat), ["หนึ่ง"]);
  assert.deepEqual(answers(chat), [answerTo("หนึ่ง")]);
});

test("five messages at once arrive in the order of writing", async () => {
  const { chat } = page();
  const texts = ["ก", "ข", "ค", "ง", "จ"];
  for (const text of texts) say(chat, text);
  await settled(chat, 5);
  assert.deepEqual(mine(chat), texts);
  assert.deepEqual(answers(chat), texts.map(answerTo));
  only();
});

test("a message whose 202 was lost is sent again under its id and stays one message", async () => {
  fault("/chat/messages", "lose-answer", 2);
  const { chat } = page();
  say(chat, "ครั้งเดียว");
  await settled(chat, 1);
  assert.equal(only().seqs.size, 1);
  assert.deepEqual(shown(chat).filter((line) => line.includes("ครั้งเดียว")).length, 2, "the message and its answer");
});

test("a server that closes connections or answers 503 is tried again, in order", async () => {
  fault("/chat/sessions", "drop");
  fault("/chat/messages", "drop");
  fault("/chat/messages", [503, { error: "storage_away", message: "" }], 2);
  fault("/chat/events", "drop", 2);
  const { chat } = page();
  for (const text of ["ก", "ข"]) say(chat, text);
  await settled(chat, 2);
  assert.deepEqual(mine(chat), ["ก", "ข"]);
});

test("a restarted server leaves no gap and nothing twice", async () => {
  const { chat } = page();
  say(chat, "ก่อน");
  await settled(chat, 1);
  const id = only().id;
  const away = server.restart(80);
  say(chat, "ระหว่าง");
  await away;
  server.say(id, "system", [{ type: "text", text: "แจ้งหลังเปิดใหม่" }]);
  await settled(chat, 2);
  await until(() => shown(chat).some((line) => line.includes("แจ้งหลังเปิดใหม่")));
  assert.deepEqual(mine(chat), ["ก่อน", "ระหว่าง"]);
  assert.equal(new Set(chat.state.events.map((event) => event.seq)).size, only().events.length);
});

test("a reload shows the same conversation and sends what was still on its way, once", async () => {
  const first = page();
  say(first.chat, "เก่า");
  await settled(first.chat, 1);
  // One that the server has, though nobody heard so, and one that it has not.
  fault("/chat/messages", "lose-answer");
  fault("/chat/messages", "drop", 100);
  say(first.chat, "ถึงแล้ว");
  say(first.chat, "ค้าง");
  await until(() => only().seqs.size === 2);
  first.chat.stop();
  server.faults.length = 0;
  const { chat } = page(first.all, first.tab);
  assert.equal(chat.loaded, false);
  await settled(chat, 3);
  await until(() => chat.loaded);
  assert.deepEqual(mine(chat), ["เก่า", "ถึงแล้ว", "ค้าง"]);
  assert.equal(only().seqs.size, 3);
});

test("two tabs of a browser are one conversation", async () => {
  const one = page();
  say(one.chat, "จากแท็บหนึ่ง");
  await settled(one.chat, 1);
  const two = page(one.all);
  say(two.chat, "จากแท็บสอง");
  await until(() => answers(one.chat).length === 2 && answers(two.chat).length === 2);
  assert.deepEqual(shown(one.chat), shown(two.chat));
  only();
});

test("a session that the server no longer knows is replaced once, with a word to the citizen, and the message arrives", async () => {
  const { chat } = page();
  say(chat, "เก่า");
  await settled(chat, 1);
  server.sessions.clear();
  say(chat, "ใหม่");
  await settled(chat, 1);
  assert.equal(chat.state.notice, "expired");
  assert.deepEqual(mine(chat), ["ใหม่"]);
  only();
});

test("a session that expires while nobody writes is told, and a new one waits for the next message", async () => {
  const { chat } = page();
  say(chat, "เก่า");
  await settled(chat, 1);
  server.sessions.clear();
  chat.stop();
  chat.start();
  await until(() => chat.state.notice === "expired");
  assert.equal(server.sessions.size, 0);
  assert.equal(chat.hasSession, false);
});

test("a replacement that is refused too is not replaced for ever", async () => {
  const { chat } = page();
  server.faults.push(({ path }) => (path === "/chat/messages" ? [401, { error: "unauthorised", message: "ใช้ไม่ได้ค่ะ" }] : null));
  say(chat, "ใคร");
  await until(() => chat.state.outbox[0]?.status === "failed");
  assert.equal(chat.state.outbox[0]?.reason, "ใช้ไม่ได้ค่ะ");
  assert.ok(server.sessions.size <= 2, `${server.sessions.size} sessions`);
});

test("a refusal is shown in the server's words, does not hold the next message, and can be tried again", async () => {
  fault("/chat/messages", [429, { error: "too_many", message: "ส่งถี่ไปนิดค่ะ" }]);
  const { chat } = page();
  say(chat, "เร็ว");
  say(chat, "ถัดไป");
  await until(() => answers(chat).length === 1);
  const failed = chat.state.outbox[0]!;
  assert.deepEqual([failed.status, failed.reason], ["failed", "ส่งถี่ไปนิดค่ะ"]);
  chat.retry(failed.id);
  await settled(chat, 2);
  assert.deepEqual(answers(chat), ["ถัดไป", "เร็ว"].map(answerTo));
  assert.ok(only().seqs.has(failed.id));
});

test("a choice is sent by its id and shown by its label", async () => {
  const { chat } = page();
  say(chat, "อะไรดี");
  await settled(chat, 1);
  const said: Said = { choice: "air" };
  chat.say(said, "ฝุ่น PM2.5");
  await until(() => chat.state.events.some((event) => event.blocks.some((block) => block.type === "card")));
  assert.deepEqual(mine(chat), ["อะไรดี", "ฝุ่น PM2.5"]);
});

test("a page that is not the API's, as a hotel's login, is no answer and loses nothing", async () => {
  fault("/chat/messages", [200, { welcome: "wifi" }]);
  fault("/chat/events", [200, { welcome: "wifi" }]);
  const { chat } = page();
  say(chat, "สวัสดีโรงแรม");
  await settled(chat, 1);
  assert.deepEqual(mine(chat), ["สวัสดีโรงแรม"]);
});

test("being away is shown after the second failure and taken back with the next answer", async () => {
  const { chat } = page();
  say(chat, "ก");
  await settled(chat, 1);
  await server.close();
  await until(() => chat.link === "offline");
  await server.restart(0).catch(() => undefined);
  await until(() => chat.link === "online");
});

test("leaving the conversation forgets the session here and shows nothing of it", async () => {
  const { chat, all } = page();
  say(chat, "ลับ");
  await settled(chat, 1);
  chat.forget();
  assert.deepEqual(shown(chat), []);
  assert.equal(browserMemory(server.origin, all, all).session(), null);
  say(chat, "คนใหม่");
  await settled(chat, 1);
  assert.deepEqual(mine(chat), ["คนใหม่"]);
  assert.equal(server.sessions.size, 2);
});

test("a history of 500 events is loaded whole and in order", async () => {
  const first = page();
  say(first.chat, "เริ่ม");
  await settled(first.chat, 1);
  for (let n = 0; n < 500; n += 1) server.say(only().id, "system", [{ type: "text", text: `ประกาศ ${n}` }]);
  first.chat.stop();
  const { chat } = page(first.all);
  await until(() => chat.state.events.length === only().events.length);
  assert.deepEqual(chat.state.events.map((event) => event.seq), only().events.map((event) => event.seq));
});

test("the token travels in the header and never in an address", async () => {
  const { chat } = page();
  say(chat, "ก");
  await settled(chat, 1);
  assert.ok(server.requests.some((request) => request.includes("/chat/events?after=")));
  assert.ok(server.requests.every((request) => !request.includes(only().token)));
});
