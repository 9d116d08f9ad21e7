// SPDX-License-Identifier: Apache-2.0
// Follows a chat's journal by long polling, through lost connections and resets of the platform.

const WAIT_S = 25;
const RETRY_MS = 1500;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Calls `take(entries, loading, isHistory)` for every batch, `restart()` when the platform forgot the chat and
 * `reachable(boolean)` when that changes; ends with `gone()` when the platform does not know the user any more.
 */
export async function follow(phone, { take, restart, reachable, gone }) {
  let after = 0;
  let history = true;
  let lost = false;
  for (;;) {
    let answer;
    try {
      // After trouble without waiting, so that the page learns at once that it is over.
      answer = await phone.journal(after, history || lost ? 0 : WAIT_S);
    } catch (reason) {
      if (reason.status === 404) return gone();
      lost = true;
      reachable(false);
      await pause(RETRY_MS);
      continue;
    }
    lost = false;
    reachable(true);
    if (answer.last < after) {
      after = 0;
      history = true;
      restart();
      continue;
    }
    take(answer.messages, answer.loading, history);
    after = answer.last;
    history = false;
  }
}
