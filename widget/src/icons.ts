// SPDX-License-Identifier: Apache-2.0
/** The few drawings of the widget, as inline SVG without any outside request. */
import { svg, html, type TemplateResult } from "lit";

const icon = (body: TemplateResult): TemplateResult =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${body}</svg>`;
const line = (path: string): TemplateResult => icon(svg`<path d=${path} class="line" />`);

export const chatIcon = icon(svg`<path class="fill" d="M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8.2L7 21v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z"
  /><circle class="hole" cx="8" cy="10.5" r="1.4" /><circle class="hole" cx="12" cy="10.5" r="1.4" /><circle class="hole" cx="16" cy="10.5" r="1.4" />`);
export const personIcon = icon(svg`<circle class="fill" cx="12" cy="8" r="4" /><path class="fill" d="M4 20c.6-4.4 3.8-6.5 8-6.5s7.4 2.1 8 6.5Z" />`);
export const pinIcon = icon(svg`<path class="line" d="M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21Z" /><circle class="line" cx="12" cy="9.5" r="2.5" />`);
export const cameraIcon = icon(svg`<path class="line" d="M4 8h3l1.6-2.5h6.8L17 8h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1Z" /><circle class="line" cx="12" cy="13" r="3.5" />`);
export const imageIcon = icon(svg`<rect class="line" x="3" y="4.5" width="18" height="15" rx="2" /><circle class="line" cx="8.5" cy="9.5" r="1.6" /><path class="line" d="m4 18 5.5-5 3.5 3 3-2.5 4.5 4" />`);
export const sendIcon = icon(svg`<path class="fill" d="M3.4 20.2 21.5 12 3.4 3.8l-.1 6.4L14 12 3.3 13.8Z" />`);
export const closeIcon = line("M6 6l12 12M18 6 6 18");
export const downIcon = line("M12 5v14m-6-6 6 6 6-6");
export const leftIcon = line("M15 5l-7 7 7 7");
export const rightIcon = line("M9 5l7 7-7 7");
export const menuIcon = icon(svg`<circle class="fill" cx="12" cy="5" r="1.8" /><circle class="fill" cx="12" cy="12" r="1.8" /><circle class="fill" cx="12" cy="19" r="1.8" />`);
