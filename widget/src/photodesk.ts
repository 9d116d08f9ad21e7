// SPDX-License-Identifier: Apache-2.0
/** One photo at a time: chosen, made small, previewed, sent with progress; and the photos of this page by their id. */
import type { Chat } from "./chat.ts";
import { NotAPhoto, shrink } from "./photo.ts";
import type { Strings } from "./strings.ts";
import { ApiError } from "./transport.ts";
import type { PhotoDraft } from "./view.ts";

export class PhotoDesk {
  #chat: Chat;
  #words: () => Strings;
  #changed: () => void;
  #draft: PhotoDraft | null = null;
  #abort = new AbortController();
  #loads = new Map<string, Promise<Blob>>();

  constructor(chat: Chat, words: () => Strings, changed: () => void) {
    this.#chat = chat;
    this.#words = words;
    this.#changed = changed;
  }

  get draft(): PhotoDraft | null { return this.#draft; }

  async pick(file: Blob): Promise<void> {
    try {
      this.#set({ blob: await shrink(file), progress: null, error: "", asked: false });
    } catch (error) {
      if (!(error instanceof NotAPhoto)) throw error;
      this.#set({ blob: file, progress: null, error: this.#words().photoWrong, asked: false });
    }
  }

  /** A chosen photo that could be sent, so that words alone would leave it behind unseen. */
  get waits(): boolean { return this.#draft !== null && this.#draft.progress === null && this.#draft.error !== this.#words().photoWrong; }

  /** Asks whether the photo goes with the words. */
  ask(): void {
    if (this.#draft !== null) this.#set({ ...this.#draft, asked: true });
  }

  /** Sends the photo; true when it is on its way to the bot. */
  async send(): Promise<boolean> {
    const draft = this.#draft;
    if (draft === null || draft.progress !== null) return false;
    const { blob } = draft;
    const { signal } = this.#abort = new AbortController();
    this.#set({ blob, progress: 0, error: "", asked: false });
    try {
      const media = await this.#chat.sendPhoto(blob, "photo.jpg", (share) => {
        if (!signal.aborted) this.#set({ blob, progress: share, error: "", asked: false });
      }, signal);
      this.#loads.set(media, Promise.resolve(blob));
      if (signal.aborted) return false;
      this.#set(null);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const sentence = error instanceof ApiError ? error.sentence : "";
      this.#set({ blob, progress: null, error: sentence || this.#words().photoFailed, asked: false });
      return false;
    }
  }

  cancel(): void {
    this.#abort.abort();
    this.#set(null);
  }

  /** The bytes of a photo of this conversation: from this page, else from the server, asked once. */
  find(media: string): Promise<Blob> {
    const known = this.#loads.get(media);
    if (known !== undefined) return known;
    const load = this.#chat.media(media);
    this.#loads.set(media, load);
    load.catch(() => this.#loads.delete(media));
    return load;
  }

  #set(draft: PhotoDraft | null): void {
    this.#draft = draft;
    this.#changed();
  }
}
