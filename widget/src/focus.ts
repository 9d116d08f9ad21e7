// SPDX-License-Identifier: Apache-2.0
/** Keyboard inside the panel: Tab stays in it while it covers the page, and the visible height follows the keyboard. */

const REACHABLE = 'button:not([disabled]), a[href], textarea, [tabindex="0"]';

/** Turns Tab round at the ends of `panel`; only for the full-screen panel, which hides the page below. */
export function keepTabInside(event: KeyboardEvent, panel: HTMLElement, root: ShadowRoot): void {
  const all = [...panel.querySelectorAll<HTMLElement>(REACHABLE)].filter((element) => element.getClientRects().length > 0);
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  const other = event.shiftKey ? all[all.length - 1] : all[0];
  if (edge !== undefined && other !== undefined && root.activeElement === edge) {
    event.preventDefault();
    other.focus();
  }
}

/** Below this height, in px, the panel leaves out what is not needed to read and answer. */
const LOW = 430;

/** Gives the style the part of the screen that the on-screen keyboard leaves; returns how to stop. */
export function followKeyboard(host: HTMLElement): () => void {
  const view = window.visualViewport;
  if (!view) return () => undefined;
  const update = (): void => {
    host.style.setProperty("--view-height", `${Math.round(view.height)}px`);
    host.toggleAttribute("low", view.height < LOW);
    host.style.setProperty("--view-top", `${Math.round(view.offsetTop)}px`);
  };
  update();
  view.addEventListener("resize", update);
  view.addEventListener("scroll", update);
  return () => {
    view.removeEventListener("resize", update);
    view.removeEventListener("scroll", update);
  };
}
