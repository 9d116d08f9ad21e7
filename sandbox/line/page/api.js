// SPDX-License-Identifier: Apache-2.0
// The platform's interface for phones, `/line/api` (docs/developers/sandbox-line.md).

/** What the platform did not do; `status` is 0 when it could not be reached. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(`/line/api${path}`, options);
  } catch (reason) {
    throw new Refusal(0, String(reason));
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, body.error || `HTTP ${answer.status}`);
  return body;
}

export const get = (path) => call(path, { cache: "no-store" });

export const post = (path, body = {}) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Sends a file's bytes; `query` as in the interface's documentation. */
export const upload = (path, file, query = {}) =>
  call(`${path}?${new URLSearchParams(query)}`, {
    method: "POST",
    headers: { "Content-Type": file.type || "application/octet-stream" },
    body: file,
  });

export const contentOf = (messageId) => `/line/api/content/${encodeURIComponent(messageId)}`;

/** What one user can do, each as in the documentation. */
export function phoneOf(userId) {
  const at = `/users/${encodeURIComponent(userId)}`;
  return {
    userId,
    see: () => get(at),
    richMenu: () => get(`${at}/rich-menu`),
    journal: (after, wait) => get(`${at}/messages?after=${after}&wait=${wait}`),
    follow: () => post(`${at}/follow`),
    block: () => post(`${at}/block`),
    text: (text) => post(`${at}/text`, { text }),
    sticker: (sticker) => post(`${at}/sticker`, sticker),
    location: (place) => post(`${at}/location`, place),
    postback: (body) => post(`${at}/postback`, body),
    switchMenu: (richMenuAliasId, data) => post(`${at}/switch`, { richMenuAliasId, data }),
    unsend: (messageId) => post(`${at}/unsend`, { messageId }),
    edit: (messageId, text) => post(`${at}/edit`, { messageId, text }),
    media: (kind, file, query) => upload(`${at}/${kind}`, file, query),
  };
}
