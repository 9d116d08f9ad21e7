// SPDX-License-Identifier: Apache-2.0
/** The chat server's HTTP API as functions; each failure is an ApiError (it answered) or a Disconnected (it did not). */
import { parseEvents, type ChatEvent, type Said } from "./protocol.ts";

/** The server refused: `status` and `code` from it, `sentence` is its words for the citizen (may be empty). */
export class ApiError extends Error {
  constructor(readonly status: number, readonly code: string, readonly sentence: string) {
    super(`${status} ${code}`);
  }
}

/** No usable answer: no network, time-out, 5xx, or a page that is not the API's. Worth another try. */
export class Disconnected extends Error {}

export interface Credentials { readonly session: string; readonly token: string }

export interface Transport {
  openSession(locale: string): Promise<Credentials>;
  /** The seq that the server gave the message; the same for the same id. `locale` is the language of its answer. */
  send(token: string, id: string, said: Said, locale: string): Promise<number>;
  /** Events after a seq; waits on the server up to `wait` seconds for the first. */
  events(token: string, after: number, wait: number, signal: AbortSignal): Promise<ChatEvent[]>;
  /** The bytes of a photo of this session. */
  media(token: string, id: string): Promise<Blob>;
  /** A file at a path such as `/chat/export`. */
  download(token: string, path: string): Promise<Blob>;
  /** Uploads a photo and gives its media id; `progress` gets shares from 0 to 1. */
  upload(token: string, photo: Blob, name: string, progress: (share: number) => void, signal: AbortSignal): Promise<string>;
}

const ANSWER_WITHIN_MS = 15_000;
const UPLOAD_WITHIN_MS = 120_000;

function asRecord(json: unknown): Record<string, unknown> {
  return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
}

function refusal(status: number, json: unknown): Error {
  // 408 and 5xx say nothing about the message itself, so they are tried again like a lost connection.
  if (status >= 500 || status === 408) return new Disconnected(`status ${status}`);
  const body = asRecord(json);
  return new ApiError(status, String(body.error ?? ""), typeof body.message === "string" ? body.message : "");
}

function stringOf(json: unknown, name: string): string {
  const value = asRecord(json)[name];
  if (typeof value !== "string" || value === "") throw new Disconnected(`answer without ${name}`);
  return value;
}

/** A signal that ends with `outer` or after `ms`. (AbortSignal.any is too young for the phones we serve.) */
function deadline(ms: number, outer?: AbortSignal): { signal: AbortSignal; clear: () => void } {
  const inner = new AbortController();
  const abort = (): void => inner.abort();
  const timer = setTimeout(abort, ms);
  if (outer?.aborted) abort();
  outer?.addEventListener("abort", abort);
  return { signal: inner.signal, clear: () => { clearTimeout(timer); outer?.removeEventListener("abort", abort); } };
}

/**
 * Tells the webmaster in the console, and nobody else, why the chat looks offline: a page may not know whether it was
 * refused or met no network, but an answer that it need not read comes in the first case only.
 */
async function tellWhyOffline(server: string, page: string): Promise<void> {
  try {
    await fetch(`${server}/chat/schema.json`, { mode: "no-cors", credentials: "omit", cache: "no-store" });
  } catch {
    return;
  }
  console.warn(`${server} answers, but ${page} cannot read it. If this stays: this site may not use the chat until its operator adds it to PRACHA_WEB_ORIGINS.`);
}

/** The transport for a server, given as its origin (`https://chat.example.go.th`), for a page of an origin. */
export function httpTransport(server: string, page: string = globalThis.location?.origin ?? server): Transport {
  let told = page === server;
  async function call<T>(
    path: string, init: RequestInit, read: (response: Response) => Promise<T>, withinMs = ANSWER_WITHIN_MS, outer?: AbortSignal,
  ): Promise<T> {
    const { signal, clear } = deadline(withinMs, outer);
    try {
      const response = await fetch(server + path, { ...init, signal, credentials: "omit", cache: "no-store", redirect: "error" })
        .catch((error: unknown) => {
          if (!told && !signal.aborted) {
            told = true;
            void tellWhyOffline(server, page);
          }
          throw error;
        });
      if (!response.ok) throw refusal(response.status, await response.json().catch(() => null));
      return await read(response);
    } catch (error) {
      if (error instanceof ApiError || error instanceof Disconnected) throw error;
      throw new Disconnected(String(error));
    } finally {
      clear();
    }
  }
  const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });
  const post = (body: unknown, headers: Record<string, string> = {}): RequestInit =>
    ({ method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
  const json = (response: Response): Promise<unknown> => response.json();

  return {
    async openSession(locale) {
      const answer = await call("/chat/sessions", post({ locale }), json);
      return { session: stringOf(answer, "session"), token: stringOf(answer, "token") };
    },
    async send(token, id, said, locale) {
      const sent = await call(`/chat/messages?lang=${locale}`, post({ id, ...said, locale }, bearer(token)), json);
      const seq = asRecord(sent).seq;
      if (typeof seq !== "number" || !Number.isSafeInteger(seq)) throw new Disconnected("answer without seq");
      return seq;
    },
    async events(token, after, wait, signal) {
      const path = `/chat/events?after=${after}&wait=${wait}`;
      return parseEvents(await call(path, { headers: bearer(token) }, json, wait * 1000 + ANSWER_WITHIN_MS, signal));
    },
    media(token, id) {
      return call(`/chat/uploads/${encodeURIComponent(id)}`, { headers: bearer(token) }, (response) => response.blob());
    },
    download(token, path) {
      return call(path, { headers: bearer(token) }, (response) => response.blob());
    },
    upload(token, photo, name, progress, signal) {
      return upload(`${server}/chat/uploads`, token, photo, name, progress, signal);
    },
  };
}

/** XMLHttpRequest, because fetch still cannot tell how much was sent. */
function upload(
  url: string, token: string, photo: Blob, name: string, progress: (share: number) => void, signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", photo, name);
    request.open("POST", url);
    request.timeout = UPLOAD_WITHIN_MS;
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total); };
    request.onerror = request.ontimeout = request.onabort = () => reject(new Disconnected("upload"));
    request.onload = () => {
      let answer: unknown = null;
      try { answer = JSON.parse(request.responseText); } catch { /* not the API's answer: reported below by its status */ }
      if (request.status < 200 || request.status > 299) return reject(refusal(request.status, answer));
      try { resolve(stringOf(answer, "media")); } catch (error) { reject(error); }
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
