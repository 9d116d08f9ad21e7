// SPDX-License-Identifier: Apache-2.0
// Starts the page: the chat of the person named in the address (`?user=` an id or a name), or the choice of one.

import { get } from "./api.js";
import { openChat } from "./chat.js";
import { showPeople } from "./people.js";
import { WORDS } from "./words.js";

const screen = document.querySelector("#phone");
const wanted = new URLSearchParams(location.search).get("user");

async function start() {
  const [account, { users }] = await Promise.all([get("/account"), get("/users")]);
  const user = users.find((one) => wanted && (one.userId === wanted || one.displayName === wanted));
  if (!user) return showPeople(screen, wanted);
  document.title = `${account.displayName} – ${user.displayName}`;
  return openChat(screen, account, user, () => showPeople(screen, user.displayName));
}

start().catch((reason) => {
  screen.setAttribute("aria-busy", "false");
  screen.textContent = WORDS.failed(reason.message);
});
