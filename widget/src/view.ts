// SPDX-License-Identifier: Apache-2.0
/** What every part of the surface is given: words, where links may go, and what a tap does. */
import type { NoPlace } from "./place.ts";
import type { Locale, Strings } from "./strings.ts";

export interface Actions {
  say(text: string): void;
  choose(id: string, label: string): void;
  locate(): void;
  /** Opens the camera (`camera`) or the gallery. */
  pick(camera: boolean): void;
  retry(id: string): void;
  discard(id: string): void;
  media(id: string): Promise<Blob>;
  /** Saves a file of the citizen's own on their device. */
  download(path: string): Promise<void>;
}

/** A photo between choosing and sending. */
export interface PhotoDraft {
  readonly blob: Blob;
  /** Share sent, 0 to 1, or null while it waits for the citizen's tap. */
  readonly progress: number | null;
  readonly error: string;
  /** A text was to be sent while this photo waits: the citizen is asked whether it goes too. */
  readonly asked: boolean;
}

export interface View {
  readonly t: Strings;
  readonly locale: Locale;
  /** Origin of the chat server. */
  readonly server: string;
  readonly touch: boolean;
  readonly locating: "" | "busy" | NoPlace;
  readonly actions: Actions;
}
