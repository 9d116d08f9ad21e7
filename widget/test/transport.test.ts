// SPDX-License-Identifier: Apache-2.0
/** What a page that may not use the chat learns: nothing on the page, one line in its console. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Disconnected, httpTransport } from "../src/transport.ts";

const SERVER = "https://chat.example.go.th";
const SITE = "https://other.example.go.th";
let said: string[] = [];

beforeEach(() => {
  said = [];
  mock.method(console, "warn", (line: string) => { said.push(line); });
});
afterEach(() => mock.restoreAll());

/** The wire as a browser shows it: an answer without CORS headers can be had, but not read; without network, neither. */
function wire(reachable: boolean): void {
  mock.method(globalThis, "fetch", async (_: string, init: RequestInit) => {
    if (reachable && init.mode === "no-cors") return Response.error();
    throw new TypeError("Failed to fetch");
  });
}

async function tries(page: string, times: number): Promise<void> {
  const transport = httpTransport(SERVER, page);
  for (let left = times; left > 0; left -= 1) await assert.rejects(transport.openSession("th"), Disconnected);
  await new Promise((resolve) => { setTimeout(resolve, 5); });
}

test("a refused site is told once in the console", async () => {
  wire(true);
  await tries(SITE, 3);
  assert.equal(said.length, 1);
  assert.match(said[0]!, /this site may not use the chat/);
  assert.ok(said[0]!.includes(SITE) && said[0]!.includes("PRACHA_WEB_ORIGINS"));
});

test("a page without network, and a page of the chat server itself, are told nothing", async () => {
  wire(false);
  await tries(SITE, 2);
  wire(true);
  await tries(SERVER, 2);
  assert.deepEqual(said, []);
});
