// SPDX-License-Identifier: Apache-2.0
/** What the browser keeps between pages: the session for all tabs, drafts and unsent messages for one tab. */
import type { Credentials } from "./transport.ts";
import type { Outgoing } from "./store.ts";
import type { Locale } from "./strings.ts";

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** A store that lasts as long as the page, for browsers that forbid the real one. */
function pageStore(): Store {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

/** The store if it can be used at all: a page in a sandboxed frame or a full disk throws. */
export function usable(find: () => Store): Store {
  try {
    const store = find();
    store.setItem("pracha:try", "1");
    store.removeItem("pracha:try");
    return store;
  } catch {
    return pageStore();
  }
}

export interface Memory {
  session(): Credentials | null;
  keepSession(session: Credentials | null): void;
  outbox(): readonly Outgoing[];
  keepOutbox(outbox: readonly Outgoing[]): void;
  seen(): number;
  keepSeen(seq: number): void;
  draft(): string;
  keepDraft(text: string): void;
  open(): boolean;
  keepOpen(open: boolean): void;
  locale(): Locale | null;
  keepLocale(locale: Locale): void;
}

/** The memory for one chat server; two servers on one page do not mix. */
export function browserMemory(server: string, all: Store, tab: Store): Memory {
  const key = (name: string): string => `pracha:${server}:${name}`;
  const keep = (store: Store, name: string, value: unknown): void => {
    try {
      if (value === null || value === "" || value === false) store.removeItem(key(name));
      else store.setItem(key(name), JSON.stringify(value));
    } catch {
      // Storage is full: the conversation goes on, it is only not remembered.
    }
  };
  const load = (store: Store, name: string): unknown => {
    try {
      return JSON.parse(store.getItem(key(name)) ?? "null");
    } catch {
      return null;
    }
  };
  return {
    session() {
      const found = load(all, "session") as Partial<Credentials> | null;
      return typeof found?.session === "string" && typeof found.token === "string"
        ? { session: found.session, token: found.token } : null;
    },
    keepSession: (session) => keep(all, "session", session),
    outbox() {
      const found = load(tab, "outbox");
      return Array.isArray(found) ? (found as Outgoing[]) : [];
    },
    keepOutbox: (outbox) => keep(tab, "outbox", outbox.length === 0 ? null : outbox),
    seen: () => Number(load(all, "seen")) || 0,
    keepSeen: (seq) => keep(all, "seen", seq || null),
    draft: () => { const found = load(tab, "draft"); return typeof found === "string" ? found : ""; },
    keepDraft: (text) => keep(tab, "draft", text),
    open: () => load(tab, "open") === true,
    keepOpen: (open) => keep(tab, "open", open),
    locale: () => { const found = load(all, "locale"); return found === "th" || found === "en" ? found : null; },
    keepLocale: (locale) => keep(all, "locale", locale),
  };
}
