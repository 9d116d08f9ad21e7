// SPDX-License-Identifier: Apache-2.0
/** Waiting between tries: longer each time, never in step with other browsers, and ended early by a wake-up. */

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** Milliseconds before try number `failures` + 1; `random` is in [0, 1). */
export function pause(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return full * (0.5 + random / 2);
}

/** A sleep that `wake` ends. One sleeper at a time per loop, so each loop owns one. */
export class Sleeper {
  #wake: (() => void) | null = null;

  /** Resolves after `ms`, or for ever until woken when `ms` is Infinity. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === Infinity ? undefined : setTimeout(() => this.wake(), ms);
      this.#wake = () => { clearTimeout(timer); this.#wake = null; resolve(); };
    });
  }

  wake(): void {
    this.#wake?.();
  }
}
