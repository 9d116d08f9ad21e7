// SPDX-License-Identifier: Apache-2.0
/** Where the log stands after something new: at its end, but never past the beginning of the answer. */
import type { Row } from "./timeline.ts";

const NEAR_END_PX = 80;
const REST_MS = 150;

const isNearEnd = (box: Element): boolean => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;

/** `first` is the first row that is new; a long answer is read from its top. Without it: the end. True: that is the end. */
function reveal(box: HTMLElement, first: HTMLElement | undefined, smooth: boolean): boolean {
  const end = box.scrollHeight - box.clientHeight;
  const top = first === undefined ? end : first.offsetTop - box.offsetTop - 12;
  // "auto" leaves it to the style, which knows about reduced motion.
  box.scrollTo({ top: Math.max(0, Math.min(end, top)), behavior: smooth ? "auto" : ("instant" as ScrollBehavior) });
  return top >= end;
}

export class Scroller {
  #changed: () => void;
  #away = false;
  #drawn = false;
  /** The end is what the citizen was shown last; a photo that arrives late must not push it out of sight. */
  #atEnd = true;
  #lastKey = "";
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(changed: () => void) { this.#changed = changed; }

  /** The citizen reads further up, so that new rows must not move the log. */
  get away(): boolean { return this.#away; }

  /** The next `settle` goes to the end, wherever the log stands. */
  toEnd(): void { this.#drawn = this.#away = false; }

  scrolled(box: HTMLElement | null): void {
    // Judged when the scrolling has come to rest: on its way to the end it is not "away".
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      const away = box !== null && box.clientHeight > 0 && !isNearEnd(box);
      this.#atEnd = !away;
      if (away !== this.#away) { this.#away = away; this.#changed(); }
    }, REST_MS);
  }

  /** The log became taller, or what is seen of it lower, without a new row. */
  grown(box: HTMLElement | null): void {
    if (box !== null && this.#atEnd) reveal(box, undefined, false);
  }

  /** Shows what is new since the last call, unless the citizen is reading further up. */
  settle(box: HTMLElement | null, rows: readonly Row[], typing: boolean): void {
    if (box === null) return;
    const newest = rows[rows.length - 1];
    const before = this.#lastKey;
    const key = newest?.key ?? "";
    const mine = newest?.kind === "message" && newest.from === "citizen";
    this.#lastKey = key;
    if (!this.#drawn) {
      this.#drawn = this.#atEnd = true;
      reveal(box, undefined, false);
    } else if (key !== before) {
      if (this.#away && !mine) return;
      if (this.#away) { this.#away = false; this.#changed(); }
      const at = rows.findIndex((row) => row.key === before);
      const drawn = box.querySelectorAll<HTMLElement>('[role="log"] > *');
      this.#atEnd = reveal(box, mine || at < 0 ? undefined : drawn[at + 1], true);
    } else if (typing && !this.#away) {
      reveal(box, undefined, true);
    }
  }
}
