// SPDX-License-Identifier: Apache-2.0
/** Which block is drawn by which module. */
import type { nothing, TemplateResult } from "lit";
import type { Block } from "../protocol.ts";
import type { View } from "../view.ts";
import { cardBlock } from "./card.ts";
import { carouselBlock } from "./carousel.ts";
import { choicesBlock } from "./choices.ts";
import { downloadBlock } from "./download.ts";
import { imageBlock } from "./image.ts";
import { locationBlock, locationRequestBlock } from "./location.ts";
import { photoRequestBlock } from "./photo.ts";
import { textBlock } from "./text.ts";

/** `open`: the citizen has not answered yet, so what can be tapped is shown. */
export function renderBlock(block: Block, open: boolean, view: View): TemplateResult | typeof nothing {
  switch (block.type) {
    case "text": return textBlock(block.text, view);
    case "choices": return choicesBlock(block, open, view);
    case "card": return cardBlock(block, view);
    case "carousel": return carouselBlock(block, view);
    case "image": return imageBlock(block, view);
    case "download": return downloadBlock(block, view);
    case "location": return locationBlock(block, view);
    case "location_request": return locationRequestBlock(block, open, view);
    case "photo_request": return photoRequestBlock(block, open, view);
  }
}
