// SPDX-License-Identifier: Apache-2.0
// Flex Message measures as CSS: keywords, pixels and shares. Only checked forms come through, so no value smuggles CSS.

const STEPS = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const FONTS = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const PICTURES = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
const BORDERS = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
const BUBBLES = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };

const pixels = (value) => (/^\d+(\.\d+)?px$/.test(value ?? "") ? value : null);
const share = (value) => (/^\d+(\.\d+)?%$/.test(value ?? "") ? value : null);
const word = (table, value) => (Object.hasOwn(table, value ?? "") ? `${table[value]}px` : null);

/** Margin, spacing, padding and corners. */
export const step = (value) => word(STEPS, value) ?? pixels(value) ?? share(value);
export const border = (value) => word(BORDERS, value) ?? pixels(value);
export const length = (value) => pixels(value) ?? share(value);
export const pictureWidth = (value = "md") => (value === "full" ? "100%" : (word(PICTURES, value) ?? length(value)));
export const bubbleWidth = (value = "mega") => word(BUBBLES, value) ?? "300px";
export const colour = (value) => (/^#([0-9a-f]{6}|[0-9a-f]{8})$/i.test(value ?? "") ? value : null);

/** A font size that follows the reader's own setting. */
export function font(value = "md") {
  const size = FONTS[value] ?? Number.parseFloat(pixels(value) ?? "16px");
  return `${size / 16}rem`;
}

/** `W:H` as CSS writes it. */
export function ratio(value = "1:1") {
  const [, width, height] = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(value) || [null, 1, 1];
  return `${width} / ${height}`;
}

/** A box's `background`, a linear gradient. */
export function gradient(background) {
  if (background?.type !== "linearGradient" || !/^\d+(\.\d+)?deg$/.test(background.angle ?? "")) return null;
  const centre = colour(background.centerColor);
  const stops = [colour(background.startColor), centre && `${centre} ${share(background.centerPosition) ?? "50%"}`, colour(background.endColor)];
  return `linear-gradient(${background.angle}, ${stops.filter(Boolean).join(", ")})`;
}
