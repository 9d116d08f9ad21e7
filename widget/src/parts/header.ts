// SPDX-License-Identifier: Apache-2.0
/** The head of the panel: who answers, language, menu, close. */
import { html, nothing, type TemplateResult } from "lit";
import { outerLink } from "../blocks/text.ts";
import { chatIcon, closeIcon, menuIcon } from "../icons.ts";
import type { View } from "../view.ts";

export interface HeaderState {
  readonly title: string;
  readonly privacyUrl: string;
  readonly menu: boolean;
  readonly hasConversation: boolean;
  readonly switchLocale: () => void;
  readonly toggleMenu: () => void;
  readonly forget: () => void;
  readonly close: () => void;
}

function menu(state: HeaderState, view: View): TemplateResult {
  const { t, actions } = view;
  const item = (label: string, act: () => void): TemplateResult =>
    html`<li><button type="button" @click=${() => { state.toggleMenu(); act(); }}>${label}</button></li>`;
  return html`<ul class="menu" id="menu">
    ${item(t.menuOfficer, () => actions.say(t.menuOfficer))}
    ${state.hasConversation ? html`${item(t.menuErase, () => actions.say(t.menuErase))}${item(t.menuForget, state.forget)}` : nothing}
    <li>${outerLink(state.privacyUrl, t.menuPrivacy, view)}</li>
  </ul>`;
}

export function header(state: HeaderState, view: View): TemplateResult {
  const { t, locale } = view;
  return html`<div class="head">
    <span class="avatar">${chatIcon}</span>
    <div class="name"><h2 id="title">${state.title}</h2><p>${t.role}</p></div>
    <button type="button" class="switch" lang=${locale === "th" ? "en" : "th"} aria-label=${t.switchTo} title=${t.switchTo}
      @click=${state.switchLocale}>${t.switchShort}</button>
    <button type="button" class="plain" aria-label=${t.menu} aria-expanded=${state.menu ? "true" : "false"} aria-controls="menu"
      @click=${state.toggleMenu}>${menuIcon}</button>
    <button type="button" class="plain" aria-label=${t.close} @click=${state.close}>${closeIcon}</button>
    ${state.menu ? menu(state, view) : nothing}
  </div>`;
}
