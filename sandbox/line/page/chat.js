// SPDX-License-Identifier: Apache-2.0
// The chat of one user with the account: everything the journal tells becomes something on the screen.

import { get, phoneOf } from "./api.js";
import { tappable } from "./actions.js";
import { composer } from "./composer.js";
import { button, el } from "./element.js";
import { icon } from "./icons.js";
import { follow } from "./journal.js";
import { richMenu } from "./rich_menu.js";
import { dayOf, dayRow, messageRow, remark } from "./rows.js";
import { attempt, chooseFrom } from "./sheet.js";
import { WORDS } from "./words.js";

const ABOVE_PX = 8;
const ONE_ANSWER_MS = 1500;

/** Draws the chat and follows it; `gone` is called when the platform does not know the user any more. */
export async function openChat(screen, account, user, gone) {
  const phone = phoneOf(user.userId);
  const chat = { phone, account, state: { friend: user.friend, blocked: user.blocked } };
  const log = el("div", { class: "log", role: "log", tabindex: "0", "aria-label": WORDS.conversation, "aria-live": "off" });
  const quick = el("div", { class: "quick", role: "group", "aria-label": WORDS.quickReplies, hidden: true });
  const banners = el("div", { class: "banners" });
  const offline = el("p", { class: "banner", role: "status", hidden: true });
  const writing = composer(phone, { covered: () => (menu.open(false), toEnd()) });
  chat.write = writing.write;
  chat.menuMoved = (open) => {
    if (open) writing.closeTrays();
    toEnd();
  };
  const menu = richMenu(chat);
  chat.menu = menu;
  const rows = new Map();
  let day = null;
  let loading = null;
  /** The first row of the newest answer, when it came, and where the page itself scrolled to for it. */
  let answer = { row: null, at: 0 };
  let shownTo = 0;

  screen.replaceChildren(top(account, user, options), offline, banners, log, quick, writing.element, menu.element);

  /** To the end, but no further than the beginning of an answer that is longer than the screen. */
  function toEnd() {
    const first = answer.row?.isConnected ? answer.row.offsetTop - log.offsetTop - ABOVE_PX : Infinity;
    log.scrollTop = Math.min(log.scrollHeight - log.clientHeight, first);
    shownTo = log.scrollTop;
  }

  /** Whether the person reads the newest, and has not scrolled to something else. */
  function follows() {
    return log.scrollHeight - log.scrollTop - log.clientHeight < 80 || Math.abs(log.scrollTop - shownTo) < 2;
  }

  /** What comes within a moment is one answer, however many messages it has. */
  function noteAnswer(row, sender) {
    if (sender !== "bot") answer = { row: null, at: 0 };
    else if (!answer.row || performance.now() - answer.at > ONE_ANSWER_MS) answer = { row, at: performance.now() };
  }

  function add(element) {
    log.append(element);
    if (loading) log.append(loading.element);
  }

  function message(entry) {
    if (dayOf(entry.at) !== day) {
      day = dayOf(entry.at);
      add(dayRow(entry.at));
    }
    if (entry.sender === "bot") stopLoading();
    // Quick replies live as long as their message is the newest.
    offer(entry.sender === "bot" ? entry.message.quickReply?.items : null);
    if (entry.message.unsent) return add(remark(WORDS.unsentByYou));
    const row = messageRow(entry, chat);
    rows.set(entry.id, row);
    add(row.element);
    noteAnswer(row.element, entry.sender);
  }

  function offer(items) {
    quick.replaceChildren(...(items ?? []).map(({ action, imageUrl }) => quickReply(action, imageUrl)));
    quick.hidden = !items?.length;
  }

  function quickReply(action, imageUrl) {
    const sign = imageUrl ? el("img", { src: imageUrl, alt: "" }) : SIGNS[action.type] && icon(SIGNS[action.type]);
    return tappable(action, chat, {}, sign, el("span", { text: action.label }));
  }

  function read({ id }) {
    if (!rows.has(id)) return;
    for (const [at, row] of rows) {
      if (row.mine) row.markRead();
      if (at === id) break;
    }
  }

  function unsent({ id }) {
    rows.get(id)?.element.replaceWith(remark(WORDS.unsentByYou));
    rows.delete(id);
  }

  function edited({ id, message: fresh }) {
    const row = rows.get(id);
    if (!row || fresh.unsent) return;
    row.redraw(fresh);
    row.markEdited();
  }

  function startLoading(seconds) {
    stopLoading();
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    const element = el("div", { class: "row bot typing" }, el("div", { class: "bubble" }, dots, el("span", { class: "sr", text: WORDS.typing })));
    loading = { element, timer: setTimeout(stopLoading, seconds * 1000) };
    log.append(element);
  }

  function stopLoading() {
    if (!loading) return;
    clearTimeout(loading.timer);
    loading.element.remove();
    loading = null;
  }

  function friend({ state }) {
    chat.state = { friend: true, blocked: state === "blocked" };
    showState();
  }

  function showState() {
    const { friend: known, blocked } = chat.state;
    const act = () => attempt(phone.follow);
    const ask = (hint, words) => el("div", { class: "banner" }, el("p", { text: hint }), button({ class: "primary", text: words, on: { click: act } }));
    banners.replaceChildren(
      ...(account.webhook ? [] : [el("p", { class: "banner", text: WORDS.noWebhook })]),
      ...(blocked ? [ask(WORDS.blockedHint, WORDS.unblock)] : known ? [] : [ask(WORDS.followHint, WORDS.follow)]),
    );
    writing.enable(!blocked);
    if (blocked) offer(null);
  }

  /** A bot that is set up after the page was opened. */
  async function lookForWebhook() {
    account.webhook = (await get("/account")).webhook;
    if (account.webhook) showState();
  }

  function options() {
    const { friend: known, blocked } = chat.state;
    const items = [];
    if (blocked || !known) items.push([blocked ? WORDS.unblock : WORDS.follow, () => attempt(phone.follow)]);
    if (!blocked) items.push([WORDS.block, () => attempt(phone.block)]);
    items.push([WORDS.back, () => location.assign("/line")]);
    chooseFrom(account.displayName, items);
  }

  const takers = {
    message,
    edited,
    unsent,
    read,
    friend,
    loading: ({ seconds }) => startLoading(seconds),
    postback: () => offer(null),
    rich_menu: () => attempt(menu.refresh),
  };

  function take(entries, secondsLeft, isHistory) {
    const atEnd = follows();
    log.setAttribute("aria-live", isHistory ? "off" : "polite");
    for (const entry of entries) takers[entry.kind]?.(entry);
    if (!account.webhook) attempt(lookForWebhook);
    // An animation of the past is over, or has less to run than it began with.
    if (isHistory) {
      answer = { row: null, at: 0 };
      stopLoading();
      if (secondsLeft > 0) startLoading(secondsLeft);
      screen.setAttribute("aria-busy", "false");
    }
    if (isHistory || atEnd || entries.some((entry) => entry.kind === "message" && entry.sender !== "bot")) toEnd();
  }

  function restart() {
    log.replaceChildren();
    rows.clear();
    day = null;
    stopLoading();
    offer(null);
    attempt(async () => {
      const now = await phone.see();
      chat.state = { friend: now.friend, blocked: now.blocked };
      showState();
      await menu.refresh();
    });
  }

  function reachable(is) {
    offline.textContent = is ? "" : WORDS.offline;
    offline.hidden = is;
  }

  // Pictures have no height before they have come.
  log.addEventListener("load", () => (follows() || log.scrollHeight - log.scrollTop - log.clientHeight < 400) && toEnd(), true);
  showState();
  await menu.refresh();
  await follow(phone, { take, restart, reachable, gone });
}

/** Drawings for actions that open something. */
const SIGNS = { camera: "camera", cameraRoll: "picture", location: "place", datetimepicker: "time", uri: "link" };

function top(account, user, options) {
  return el(
    "header",
    { class: "top" },
    el("a", { class: "icon", href: "/line", "aria-label": WORDS.back }, icon("back")),
    el("span", { class: "avatar", "aria-hidden": "true", text: [...account.displayName][0] }),
    el("div", { class: "title" }, el("h1", { text: account.displayName }), el("p", { text: `${account.basicId} · ${WORDS.talkingAs(user.displayName)}` })),
    button({ class: "icon", "aria-label": WORDS.options, "aria-haspopup": "dialog", on: { click: options } }, icon("options")),
  );
}
