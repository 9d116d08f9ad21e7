// SPDX-License-Identifier: Apache-2.0
/** `<pracha-chat>`: the launcher and the panel, and what taps and keys do to the conversation. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Chat } from "./chat.ts";
import { followKeyboard, keepTabInside } from "./focus.ts";
import { chatIcon } from "./icons.ts";
import { browserMemory, usable, type Memory } from "./memory.ts";
import { OPTION_NAMES, optionsFrom, type Options } from "./options.ts";
import { composer } from "./parts/composer.ts";
import { header } from "./parts/header.ts";
import { log } from "./parts/log.ts";
import { PhotoDesk } from "./photodesk.ts";
import { currentPlace } from "./place.ts";
import { saveFile } from "./savefile.ts";
import { Scroller } from "./scroller.ts";
import { awaitsAnswer, lastSeq, unreadCount } from "./store.ts";
import { asLocale, STRINGS, type Locale } from "./strings.ts";
import { styles } from "./styles/index.ts";
import { followPage } from "./theme.ts";
import { timeline, type Row } from "./timeline.ts";
import { httpTransport } from "./transport.ts";
import { uuid } from "./uuid.ts";
import type { View } from "./view.ts";

/** After this long the dots stop: who still waits is told so by the server, not by an animation. */
const TYPING_MS = 60_000;

export class PrachaChat extends LitElement {
  /** Origin that served the script; set by main.ts. */
  static home = location.origin;
  static override styles = styles;
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...OPTION_NAMES.map((name) => `data-${name}`)];
  }

  #options!: Options;
  #memory!: Memory;
  #chat!: Chat;
  #photos!: PhotoDesk;
  #growth = new ResizeObserver(() => this.#scroller.grown(this.#logBox));
  #locale: Locale = "th";
  #open = false;
  #everOpen = false;
  #menu = false;
  #draft = "";
  #locating: View["locating"] = "";
  #announce = false;
  #scroller = new Scroller(() => this.requestUpdate());
  #typingEnds = 0;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #rows: readonly Row[] = [];
  #ends: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#configure();
    this.#memory = browserMemory(this.#options.server, usable(() => localStorage), usable(() => sessionStorage));
    this.#locale = this.#memory.locale() ?? this.#options.locale ?? asLocale(document.documentElement.lang) ?? "th";
    this.#draft = this.#memory.draft();
    const transport = httpTransport(this.#options.server);
    const changed = (): void => this.#changed();
    this.#chat = new Chat({ transport, memory: this.#memory, locale: this.#locale, changed, uuid });
    this.#photos = new PhotoDesk(this.#chat, () => STRINGS[this.#locale], () => this.requestUpdate());
    const visible = (): void => this.#chat.setVisible(document.visibilityState === "visible");
    const online = (): void => { this.#chat.setLink("online"); this.#chat.wake(); };
    const offline = (): void => this.#chat.setLink("offline");
    document.addEventListener("visibilitychange", visible);
    addEventListener("online", online);
    addEventListener("offline", offline);
    this.#ends = [
      () => document.removeEventListener("visibilitychange", visible),
      () => removeEventListener("online", online),
      () => removeEventListener("offline", offline),
      followPage(this.#options.theme, (dark) => this.setAttribute("theme", dark ? "dark" : "light")),
      followKeyboard(this),
    ];
    this.#chat.start();
    if (this.#memory.open() || this.#options.open) this.#setOpen(true, false);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#chat.stop();
    this.#growth.disconnect();
    for (const end of this.#ends) end();
    clearTimeout(this.#typingTimer);
  }

  override attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    super.attributeChangedCallback(name, before, after);
    if (this.isConnected && this.#options !== undefined && before !== after) {
      this.#configure();
      this.requestUpdate();
    }
  }

  #configure(): void {
    this.#options = optionsFrom((name) => this.getAttribute(`data-${name}`), PrachaChat.home);
    this.setAttribute("position", this.#options.left ? "left" : "right");
    const { colours } = this.#options;
    if (colours !== null) {
      this.style.setProperty("--pracha-accent", colours.accent);
      this.style.setProperty("--pracha-on-accent", colours.ink);
    }
  }

  #changed(): void {
    if (this.#open && this.#chat.loaded) this.#memory.keepSeen(lastSeq(this.#chat.state));
    this.requestUpdate();
  }

  #setOpen(open: boolean, focus = true): void {
    if (open === this.#open) return;
    this.#open = open;
    this.#everOpen ||= open;
    this.#menu = false;
    this.#memory.keepOpen(open);
    this.#chat.setOpen(open);
    this.#changed();
    void this.updateComplete.then(() => {
      if (open) this.#jump();
      if (focus) this.#focusOn(open ? (this.#touch ? ".scroll" : "textarea") : ".launcher");
    });
  }

  get #touch(): boolean { return matchMedia("(pointer: coarse)").matches; }
  get #covering(): boolean { return matchMedia("(max-width: 479.98px), (max-height: 430px)").matches; }

  get #logBox(): HTMLElement | null { return this.renderRoot.querySelector<HTMLElement>(".scroll"); }

  #jump(): void {
    this.#scroller.toEnd();
    this.#scroller.settle(this.#logBox, this.#rows, false);
    this.requestUpdate();
  }

  #focusOn(selector: string): void {
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }

  #say(text: string): void {
    const said = text.trim();
    if (said === "") return;
    this.#chat.say({ text: said }, said);
  }

  /** With a photo waiting nothing is sent behind the citizen's back: no words mean the photo, words lead to a question. */
  #submit(): void {
    if (!this.#photos.waits) this.#sendDraft();
    else if (this.#draft.trim() === "") void this.#photos.send();
    else this.#photos.ask();
  }

  #sendDraft(): void {
    this.#say(this.#draft);
    this.#typed("");
    this.#focusOn("textarea");
  }

  /** The words follow the photo; when it did not leave, they stay in the field. */
  async #sendBoth(): Promise<void> {
    if (await this.#photos.send()) this.#sendDraft();
  }

  #typed(text: string): void {
    this.#draft = text;
    this.#memory.keepDraft(text);
    this.requestUpdate();
  }

  async #locate(): Promise<void> {
    this.#locating = "busy";
    this.requestUpdate();
    const place = await currentPlace();
    this.#locating = typeof place === "string" ? place : "";
    if (typeof place !== "string") this.#chat.say({ location: place }, "");
    this.requestUpdate();
  }

  #switchLocale(): void {
    this.#locale = this.#locale === "th" ? "en" : "th";
    this.#memory.keepLocale(this.#locale);
    this.#chat.setLocale(this.#locale);
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (this.#menu) this.#toggleMenu();
      else this.#setOpen(false);
    } else if (event.key === "Tab" && this.#covering) {
      keepTabInside(event, event.currentTarget as HTMLElement, this.renderRoot as ShadowRoot);
    }
  }

  #toggleMenu(): void {
    this.#menu = !this.#menu;
    this.requestUpdate();
    if (!this.#menu) this.#focusOn('[aria-controls="menu"]');
  }

  #view(): View {
    return {
      t: STRINGS[this.#locale], locale: this.#locale, server: this.#options.server, touch: this.#touch, locating: this.#locating,
      actions: {
        say: (text) => { this.#say(text); this.#afterTap(); },
        choose: (id, label) => { this.#chat.say({ choice: id }, label); this.#afterTap(); },
        locate: () => void this.#locate(),
        pick: (camera) => this.renderRoot.querySelector<HTMLInputElement>(camera ? ".camera" : ".gallery")?.click(),
        retry: (id) => this.#chat.retry(id),
        discard: (id) => this.#chat.discard(id),
        media: (id) => this.#photos.find(id),
        download: async (path) => saveFile(await this.#chat.download(path), "my-data.json"),
      },
    };
  }

  /** The tapped button goes away with its question; focus must not fall out of the panel with it. */
  #afterTap(): void {
    void this.updateComplete.then(() => {
      if ((this.renderRoot as ShadowRoot).activeElement === null) this.#focusOn(this.#touch ? ".scroll" : "textarea");
    });
  }

  #isTyping(): boolean {
    if (!awaitsAnswer(this.#chat.state)) {
      this.#typingEnds = 0;
      clearTimeout(this.#typingTimer);
      return false;
    }
    if (this.#typingEnds === 0) {
      this.#typingEnds = Date.now() + TYPING_MS;
      this.#typingTimer = setTimeout(() => this.requestUpdate(), TYPING_MS + 50);
    }
    return Date.now() < this.#typingEnds;
  }

  #panel(view: View): TemplateResult {
    const { t } = view;
    const { state, loaded, link } = this.#chat;
    const rows = this.#rows = timeline(state, this.#locale);
    const failed = state.outbox.filter((out) => out.status === "failed");
    const { privacyUrl } = this.#options;
    return html`<section class="panel" role="dialog" aria-labelledby="title" aria-modal=${this.#covering ? "true" : nothing}
        ?hidden=${!this.#open} @keydown=${(event: KeyboardEvent) => this.#onKey(event)}>
      ${header({
        title: this.#options.title || t.title, privacyUrl, menu: this.#menu, hasConversation: rows.length > 0,
        switchLocale: () => this.#switchLocale(), toggleMenu: () => this.#toggleMenu(),
        forget: () => this.#chat.forget(), close: () => this.#setOpen(false),
      }, view)}
      <div role="status" class=${link === "offline" ? "banner" : "sr"}>${link === "offline" ? t.offline
        : failed.length > 0 ? t.status.failed : ""}</div>
      <div class="logbox">${log({
        rows, loading: !loaded, announce: this.#announce, typing: this.#isTyping(), expired: state.notice === "expired",
        suggestions: this.#options.suggestions ?? t.suggestions, awayFromEnd: this.#scroller.away,
        scrolled: () => this.#scroller.scrolled(this.#logBox), jump: () => this.#jump(),
      }, view)}</div>
      ${composer({
        draft: this.#draft, photo: this.#photos.draft, privacyUrl, typed: (text) => this.#typed(text), submit: () => this.#submit(),
        picked: (file) => void this.#photos.pick(file), sendPhoto: () => void this.#photos.send(), cancelPhoto: () => this.#photos.cancel(),
        sendBoth: () => void this.#sendBoth(), sendTextOnly: () => { this.#photos.cancel(); this.#sendDraft(); },
      }, view)}
    </section>`;
  }

  protected override render(): TemplateResult {
    const view = this.#view();
    const { t } = view;
    const unread = this.#open ? 0 : unreadCount(this.#chat.state, this.#memory.seen());
    const label = unread > 0 ? `${t.open} · ${t.unread(unread)}` : t.open;
    return html`<div lang=${this.#locale}>
      <button type="button" class="launcher" ?hidden=${this.#open} aria-label=${`${t.launch} · ${label}`} aria-haspopup="dialog"
        @click=${() => this.#setOpen(true)}>${chatIcon}<span>${t.launch}</span>${
        unread > 0 ? html`<span class="badge" aria-hidden="true">${unread}</span>` : nothing}</button>
      ${this.#everOpen ? this.#panel(view) : nothing}
    </div>`;
  }

  protected override updated(): void {
    const rows = this.#everOpen ? this.renderRoot.querySelector('[role="log"]') : null;
    if (rows !== null) this.#growth.observe(rows);
    // The keyboard, a turned phone or a photo's preview take room from the log: its end stays in view.
    if (this.#logBox !== null) this.#growth.observe(this.#logBox);
    this.#grow();
    if (this.#open) this.#scroller.settle(this.#logBox, this.#rows, this.#isTyping());
    // Only what comes after the history has been drawn is read aloud.
    if (this.#chat.loaded && this.#open && !this.#announce) {
      setTimeout(() => { this.#announce = true; this.requestUpdate(); }, 0);
    }
  }

  /** The field grows with its text up to the style's max-height. */
  #grow(): void {
    const field = this.renderRoot.querySelector("textarea");
    if (field === null || !this.#open) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 3}px`;
  }
}
