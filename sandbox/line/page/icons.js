// SPDX-License-Identifier: Apache-2.0
// The page's own line drawings, so that its controls need no emoji font.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  back: "M15 5l-7 7 7 7",
  options: "M12 5v.01M12 12v.01M12 19v.01",
  row: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 4v16M4 12h16",
  face: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M8 14.5c2 2.6 6 2.6 8 0M9 9.5v.01M15 9.5v.01",
  send: "M4 12l16-8-5 16-3.5-6.5zM11.5 13.5L20 4",
  camera: "M4 8h4l1.5-3h5L16 8h4v11H4zM12 10a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 8.5v.01",
  file: "M7 3h7l4 4v14H7zM14 3v5h4M10 13h5M10 17h5",
  place: "M12 21c-4-5-6-8-6-11a6 6 0 0 1 12 0c0 3-2 6-6 11M12 8a2 2 0 1 0 0 4a2 2 0 0 0 0-4",
  time: "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
  link: "M9 15l7-7M10 7h7v7M6 11v7h7",
};

/** A drawing as large as the words around it; it says nothing to a screen reader. */
export function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "drawn", "aria-hidden": "true" })) drawn.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  drawn.append(path);
  return drawn;
}
