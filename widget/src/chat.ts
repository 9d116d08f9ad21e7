// SPDX-License-Identifier: Apache-2.0
/** Keeps one conversation going: one loop sends in order, one receives without gap, both survive any lost connection. */
import { pause, Sleeper } from "./backoff.ts";
import type { Memory } from "./memory.ts";
import type { ChatEvent, Said } from "./protocol.ts";
import {
  accepted, awaitsAnswer, discarded, EMPTY, lastSeq, nextToSend, queued, received, refused, restarted, sending, waiting,
  type Conversation, type Outgoing,
} from "./store.ts";
import { ApiError, Disconnected, type Credentials, type Transport } from "./transport.ts";

export type Link = "online" | "offline";

export interface ChatOptions {
  readonly transport: Transport;
  readonly memory: Memory;
  readonly locale: string;
  /** Called after each change of what the getters give. */
  readonly changed: () => void;
  readonly uuid: () => string;
  /** Factor on every waiting time; tests run faster with less than 1. */
  readonly pace?: number;
}

const POLL_SECONDS = 25;
/** With the panel closed a look now and then is enough to show the badge. */
const CLOSED_PAUSE_MS = 60_000;
/** About eight minutes with growing pauses; after that the citizen decides. */
const SEND_TRIES = 20;
const LIMITED_PAUSE_MS = 5_000;

export class Chat {
  #options: ChatOptions;
  #state: Conversation;
  #session: Credentials | null;
  #opening: Promise<Credentials> | null = null;
  /** The session was opened because one had been refused, and has not worked yet: a second refusal is final. */
  #unproven = false;
  #locale: string;
  #link: Link = "online";
  #loaded: boolean;
  #running = false;
  #open = false;
  #visible = true;
  #receiving = new AbortController();
  #receiver = new Sleeper();
  #sender = new Sleeper();
  #senderBusy = false;
  #lastContact = 0;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#locale = options.locale;
    this.#session = options.memory.session();
    this.#loaded = this.#session === null;
    // What was on its way when the page went is sent again under its id; the server knows it if it arrived.
    const outbox = options.memory.outbox().map((out): Outgoing => (out.status === "sending" ? { ...out, status: "queued" } : out));
    this.#state = { ...EMPTY, outbox: outbox.map((out) => ({ ...out, after: 0 })) };
  }

  get state(): Conversation { return this.#state; }
  get link(): Link { return this.#link; }
  /** False until the history of a remembered session is here. */
  get loaded(): boolean { return this.#loaded; }
  get hasSession(): boolean { return this.#session !== null; }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#receiveLoop();
    this.#kickSender();
  }

  stop(): void {
    this.#running = false;
    this.#receiving.abort();
    this.#receiver.wake();
    this.#sender.wake();
  }

  /** The network or the page came back: try now instead of after the pause. */
  wake(): void {
    // A phone that slept keeps a dead request open; one that is older than a poll can only be that.
    if (Date.now() - this.#lastContact > (POLL_SECONDS + 5) * 1000) this.#receiving.abort();
    this.#receiver.wake();
    this.#sender.wake();
  }

  setOpen(open: boolean): void { this.#open = open; if (open) this.#receiver.wake(); }
  setVisible(visible: boolean): void { this.#visible = visible; if (visible) this.wake(); }
  setLocale(locale: string): void { this.#locale = locale; }
  setLink(link: Link): void { if (this.#link !== link) { this.#link = link; this.#options.changed(); } }

  say(said: Said, label: string): void {
    this.#update(queued(this.#state, this.#options.uuid(), said, label, new Date().toISOString()));
    this.#kickSender();
  }

  retry(id: string): void {
    this.#update(waiting(this.#state, id));
    this.#sender.wake();
    this.#kickSender();
  }

  discard(id: string): void { this.#update(discarded(this.#state, id)); }

  /** Forgets this conversation here (the server keeps its own retention) and begins with an empty one. */
  forget(): void {
    this.#dropSession();
    this.#update({ ...EMPTY });
    this.#receiving.abort();
  }

  /** Uploads a photo and says it. Rejects with what the transport said, for the preview to show. */
  async sendPhoto(photo: Blob, name: string, progress: (share: number) => void, signal: AbortSignal): Promise<string> {
    const media = await this.#withSession((session) =>
      this.#options.transport.upload(session.token, photo, name, progress, signal));
    if (!signal.aborted) this.say({ media }, "");
    return media;
  }

  media(id: string): Promise<Blob> {
    return this.#withSession((session) => this.#options.transport.media(session.token, id));
  }

  download(path: string): Promise<Blob> {
    return this.#withSession((session) => this.#options.transport.download(session.token, path));
  }

  #update(state: Conversation): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.memory.keepOutbox(state.outbox.filter((out) => out.seq === 0));
    this.#options.changed();
  }

  #rest(sleeper: Sleeper, ms: number): Promise<void> {
    return sleeper.sleep(ms * (this.#options.pace ?? 1));
  }

  async #credentials(): Promise<Credentials> {
    // Another tab of this page may have opened it meanwhile.
    this.#session ??= this.#options.memory.session();
    if (this.#session !== null) return this.#session;
    this.#opening ??= this.#options.transport.openSession(this.#locale).finally(() => { this.#opening = null; });
    const session = await this.#opening;
    if (this.#session === null) {
      this.#session = session;
      this.#options.memory.keepSession(session);
      this.#loaded = true;
      this.#receiver.wake();
    }
    return this.#session;
  }

  #dropSession(): void {
    this.#session = null;
    this.#options.memory.keepSession(null);
    this.#options.memory.keepSeen(0);
    this.#loaded = true;
  }

  /** Runs a call; a session that the server no longer knows is replaced once. */
  async #withSession<T>(call: (session: Credentials) => Promise<T>): Promise<T> {
    for (;;) {
      const session = await this.#credentials();
      try {
        const result = await call(session);
        if (session === this.#session) this.#unproven = false;
        return result;
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 401 || !this.#replace(session)) throw error;
      }
    }
  }

  /** Puts the refused session away; false when its replacement was refused too. */
  #replace(session: Credentials): boolean {
    if (session !== this.#session) return true;
    if (this.#unproven) return false;
    const other = this.#options.memory.session();
    if (other !== null && other.token !== session.token) {
      this.#session = other;
    } else {
      this.#dropSession();
    }
    this.#unproven = true;
    // A poll for the old session would be waited for in vain.
    this.#receiving.abort();
    this.#update(restarted(this.#state, "expired"));
    return true;
  }

  #kickSender(): void {
    if (this.#running && !this.#senderBusy) void this.#sendLoop();
  }

  async #sendLoop(): Promise<void> {
    this.#senderBusy = true;
    let failures = 0;
    for (let out = nextToSend(this.#state); out !== undefined && this.#running; out = nextToSend(this.#state)) {
      const { id, said } = out;
      this.#update(sending(this.#state, id));
      try {
        const seq = await this.#sendOne(id, said);
        failures = 0;
        this.setLink("online");
        this.#update(accepted(this.#state, id, seq));
        this.#receiver.wake();
      } catch (error) {
        if (error instanceof Disconnected && ++failures < SEND_TRIES) {
          this.#update(waiting(this.#state, id));
          if (failures > 1) this.setLink("offline");
          await this.#rest(this.#sender, pause(failures, Math.random()));
        } else {
          failures = 0;
          this.#update(refused(this.#state, id, error instanceof ApiError ? error.sentence : ""));
        }
      }
    }
    this.#senderBusy = false;
  }

  async #sendOne(id: string, said: Said): Promise<number> {
    return this.#withSession((session) => {
      // A choice of the conversation that was just given up means nothing to the new one.
      if (!this.#state.outbox.some((out) => out.id === id)) throw new ApiError(410, "gone", "");
      return this.#options.transport.send(session.token, id, said, this.#locale);
    });
  }

  async #receiveLoop(): Promise<void> {
    let failures = 0;
    while (this.#running) {
      const busy = this.#open || awaitsAnswer(this.#state);
      if (this.#session === null || (!this.#visible && !awaitsAnswer(this.#state))) {
        await this.#rest(this.#receiver, Infinity);
        continue;
      }
      const began = Date.now();
      try {
        // After a failure a short question first: it shows at once that the server is back.
        const events = await this.#receiveOnce(busy && this.#loaded && failures === 0 ? POLL_SECONDS : 0);
        const back = failures > 0;
        failures = 0;
        this.setLink("online");
        if (!busy) await this.#rest(this.#receiver, events.length > 0 ? 0 : CLOSED_PAUSE_MS);
        // A server or proxy that answers at once with nothing must not be asked in a circle.
        else if (events.length === 0 && this.#loaded && !back && Date.now() - began < 1000) await this.#rest(this.#receiver, 1000);
      } catch (error) {
        if (!this.#running) break;
        if (this.#receiving.signal.aborted) { failures = 0; continue; }
        failures += 1;
        if (error instanceof Disconnected && failures > 1) this.setLink("offline");
        const least = error instanceof ApiError ? LIMITED_PAUSE_MS : 0;
        await this.#rest(this.#receiver, Math.max(least, pause(failures, Math.random())));
      }
    }
  }

  async #receiveOnce(wait: number): Promise<ChatEvent[]> {
    const session = this.#session;
    if (session === null) return [];
    this.#receiving = new AbortController();
    this.#lastContact = Date.now();
    try {
      const events = await this.#options.transport.events(session.token, lastSeq(this.#state), wait, this.#receiving.signal);
      if (session !== this.#session) return events;
      this.#unproven = false;
      this.#update(received(this.#state, events));
      // History can come in several answers; only the empty one says that all of it is here.
      if (!this.#loaded && events.length === 0) {
        this.#loaded = true;
        this.#options.changed();
      }
      return events;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401 && this.#replace(session)) return [];
      throw error;
    }
  }
}
