// SPDX-License-Identifier: Apache-2.0
/** Pictures: an agency's by address, a citizen's own photo by its bytes and the session's token. */
import { html, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { safeImage } from "../links.ts";
import type { ImageBlock } from "../protocol.ts";
import type { View } from "../view.ts";

const painted = new WeakMap<Element, unknown>();

/** Draws the bytes into the canvas once; `failed` marks it when they are no picture or do not come. */
async function paint(canvas: HTMLCanvasElement, key: unknown, load: () => Promise<Blob>): Promise<void> {
  if (painted.get(canvas) === key) return;
  painted.set(canvas, key);
  try {
    const bitmap = await createImageBitmap(await load());
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
  } catch {
    canvas.classList.add("failed");
  }
}

/**
 * A photo on a canvas: an `<img>` would need its token in the address, or a page policy that allows `blob:`.
 * `key` says whether it is still the same photo.
 */
export function canvasPhoto(key: unknown, load: () => Promise<Blob>, alt: string): TemplateResult {
  return html`<canvas class="photo" width="4" height="3" role="img" aria-label=${alt}
    ${ref((element) => { if (element !== undefined) void paint(element as HTMLCanvasElement, key, load); })}></canvas>`;
}

export function imageBlock(block: ImageBlock, view: View): TemplateResult {
  const alt = block.alt || view.t.image;
  if (block.media !== "") return canvasPhoto(block.media, () => view.actions.media(block.media), alt);
  const url = safeImage(block.url, view.server);
  if (url === null) return html`<p class="bubble">${alt}</p>`;
  return html`<img class="photo" src=${url} alt=${alt} loading="lazy" referrerpolicy="no-referrer" />`;
}
