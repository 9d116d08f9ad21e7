// SPDX-License-Identifier: Apache-2.0
/** Makes an agency's own colour readable: picks the ink that stands on it. */

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, "$&$&") : hex;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(full.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `{accent, ink}` for a colour `#rgb` or `#rrggbb` (WCAG contrast ≥4.5 by construction), null for anything else. */
export function accentOf(colour: string): { accent: string; ink: string } | null {
  if (!HEX.test(colour)) return null;
  // White needs luminance ≤0.183 for 4.5:1, and black stands well on everything above it.
  return { accent: colour, ink: luminance(colour) <= 0.183 ? "#ffffff" : "#000000" };
}
