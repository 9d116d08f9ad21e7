// SPDX-License-Identifier: Apache-2.0
/** The chat API from memory, over real HTTP: for developing and testing the widget without the rest of the house. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { reply } from "./replies.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGES = fileURLToPath(new URL("../../channels/web/pages", import.meta.url));
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml" };
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types lit-html";

/**
 * Starts a server on `port` (0: a free one) and resolves with its controls. `thinkMs` is the time to an answer;
 * `faults` is a list of functions
 * `(request) => [status, body] | "drop" | "lose-answer" | null`, asked before each API call: refuse it, close the
 * connection before doing it, or do it and then close the connection.
 */
export async function startServer({ port = 0, thinkMs = 700, pages = {} } = {}) {
  const sessions = new Map();
  const uploads = new Map();
  const faults = [];
  const requests = [];
  const control = { sessions, uploads, faults, requests, thinkMs };

  const say = (session, from, blocks) => {
    const event = { seq: session.events.length + 1, from, at: new Date().toISOString(), blocks };
    session.events.push(event);
    for (const wake of session.waiting.splice(0)) wake();
    return event.seq;
  };
  control.say = (id, from, blocks) => say(sessions.get(id), from, blocks);

  function take(session, body) {
    if (session.seqs.has(body.id)) return session.seqs.get(body.id);
    let said = body.text ?? "";
    let block = { type: "text", text: said };
    if (body.choice !== undefined) {
      said = session.events.flatMap((event) => event.blocks.flatMap((b) => b.choices ?? [])).findLast((c) => c.id === body.choice)?.label ?? "";
      if (said === "") return null;
      block = { type: "text", text: said };
    }
    if (body.location) { said = "location"; block = { type: "location", ...body.location }; }
    if (body.media) { said = "photo"; block = { type: "image", media: body.media, alt: "" }; }
    const seq = say(session, "citizen", [block]);
    session.seqs.set(body.id, seq);
    const first = session.seqs.size === 1;
    setTimeout(() => { const blocks = reply(said, first); if (blocks.length) say(session, "bot", blocks); }, control.thinkMs);
    return seq;
  }

  async function body(request) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async function api(request, response, url) {
    let lost = false;
    const send = (status, json) => {
      if (lost) return request.socket.destroy();
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
    };
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "null");
    if (request.method === "OPTIONS") {
      return response.writeHead(204, { "Access-Control-Allow-Headers": "authorization, content-type", "Access-Control-Allow-Methods": "GET, POST" }).end();
    }
    for (const fault of faults) {
      const verdict = fault({ method: request.method, path: url.pathname });
      if (verdict === "drop") return request.socket.destroy();
      if (verdict === "lose-answer") { lost = true; break; }
      if (verdict) return send(...verdict);
    }
    const content = await body(request);
    if (url.pathname === "/chat/sessions") {
      const id = randomUUID();
      sessions.set(id, { id, token: `t-${randomUUID()}`, locale: JSON.parse(content).locale, events: [], seqs: new Map(), waiting: [] });
      return send(201, { session: id, token: sessions.get(id).token });
    }
    const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const session = [...sessions.values()].find((one) => one.token === token);
    if (session === undefined) return send(401, { error: "unauthorised", message: "การสนทนานี้หมดอายุแล้วค่ะ" });
    if (url.pathname === "/chat/messages") {
      const seq = take(session, JSON.parse(content));
      return seq === null ? send(400, { error: "unknown_choice", message: "ตัวเลือกนี้ใช้ไม่ได้แล้วค่ะ" }) : send(202, { seq });
    }
    if (url.pathname === "/chat/events") {
      const after = Number(url.searchParams.get("after"));
      const end = Date.now() + Number(url.searchParams.get("wait") ?? 0) * 1000;
      while (session.events.length <= after && Date.now() < end && !response.destroyed) {
        await new Promise((wake) => { session.waiting.push(wake); setTimeout(wake, end - Date.now()).unref(); });
      }
      return send(200, { events: session.events.filter((event) => event.seq > after) });
    }
    if (url.pathname === "/chat/uploads") {
      const media = `m_${randomUUID().slice(0, 8)}`;
      const start = content.indexOf("\r\n\r\n") + 4;
      uploads.set(media, content.subarray(start, content.lastIndexOf("\r\n--")));
      return send(201, { media });
    }
    const photo = uploads.get(url.pathname.replace("/chat/uploads/", ""));
    if (photo !== undefined) return response.writeHead(200, { "Content-Type": "image/jpeg" }).end(photo);
    return send(404, { error: "not_found", message: "" });
  }

  async function file(response, path) {
    const name = path === "/" ? "/pages/index.html" : path === "/privacy" ? "/pages/privacy.html" : path;
    const body = pages[name] ?? (name === "/widget.js" ? await readFile(`${ROOT}dist/widget.js`)
      : /^\/pages\/[\w.-]+$/.test(name) ? await readFile(PAGES + name.slice(6)) : null);
    response.writeHead(body === null ? 404 : 200, {
      "Content-Type": `${TYPES[extname(name)] ?? "text/plain"}; charset=utf-8`, "Content-Security-Policy": CSP,
    }).end(body ?? "not found");
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    requests.push(`${request.method} ${request.url}`);
    const work = url.pathname.startsWith("/chat/") ? api(request, response, url) : file(response, url.pathname);
    work.catch((error) => { if (!response.headersSent) response.writeHead(500).end(); console.error(error); });
  });
  await new Promise((ready) => { server.listen(port, "127.0.0.1", ready); });
  control.port = server.address().port;
  control.origin = `http://127.0.0.1:${control.port}`;
  control.close = () => new Promise((done) => { server.close(done); server.closeAllConnections(); });
  /** Stops listening and drops all connections, then listens again on the same port with the same memory. */
  control.restart = async (awayMs) => {
    await control.close();
    await new Promise((wait) => { setTimeout(wait, awayMs); });
    await new Promise((ready) => { server.listen(control.port, "127.0.0.1", ready); });
  };
  return control;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startServer({ port: Number(process.env.PORT ?? 0), thinkMs: Number(process.env.THINK_MS ?? 700) });
  console.log(`development server: ${server.origin}/`);
}
