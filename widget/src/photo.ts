// SPDX-License-Identifier: Apache-2.0
/** Makes a photo small before it leaves the phone, which also drops its hidden data (place, device). */

/** Longest side in pixels: a pothole or a number plate is still readable, and 2G still carries it. */
const LONGEST = 1600;
const QUALITY = 0.82;

export class NotAPhoto extends Error {}

/** A JPEG of at most 1600 px; throws NotAPhoto when the browser cannot read the file as a picture. */
export async function shrink(file: Blob): Promise<Blob> {
  const bitmap = await read(file);
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  if (context === null) return file;
  // JPEG has no transparency: what is clear becomes white instead of black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return small ?? file;
}

async function read(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new NotAPhoto();
  }
}
