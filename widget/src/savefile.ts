// SPDX-License-Identifier: Apache-2.0
/** Hands a file to the browser's own download, under a name. */

export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the content over once the click is done; a moment more costs nothing.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
