// SPDX-License-Identifier: Apache-2.0
// Takes pictures, films, sounds and files from the machine and sends them; several pictures together are one set.

import { attempt } from "./sheet.js";
import { el } from "./element.js";

const KINDS = ["image", "video", "audio"];

/** Opens the machine's file picker. `accept` as in HTML; `capture` asks a phone for its camera. */
export function pickFiles(phone, { accept, capture = false, multiple = false }) {
  const input = el("input", { type: "file", accept, capture: capture && "environment", multiple, hidden: true });
  input.addEventListener("change", () => {
    attempt(() => sendFiles(phone, [...input.files]));
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}

async function sendFiles(phone, files) {
  const pictures = files.filter((file) => kindOf(file) === "image").length;
  const set = pictures > 1 ? { set: crypto.randomUUID().replaceAll("-", ""), total: pictures } : null;
  let index = 0;
  for (const file of files) {
    const kind = kindOf(file);
    const query = kind === "file" ? { name: file.name } : {};
    if (kind === "image" && set) Object.assign(query, set, { index: ++index });
    await phone.media(kind, file, query);
  }
}

function kindOf(file) {
  const kind = file.type.split("/")[0];
  return KINDS.includes(kind) ? kind : "file";
}
