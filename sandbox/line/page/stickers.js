// SPDX-License-Identifier: Apache-2.0
// A few stickers, drawn as emoji: own drawings, with ids of the form that stickers have. And the emoji to type with.

export const STICKERS = [
  { packageId: "90001", stickerId: "900011", drawn: "🙏", name: "สวัสดี", keywords: ["สวัสดี", "ไหว้"] },
  { packageId: "90001", stickerId: "900012", drawn: "👍", name: "โอเค", keywords: ["โอเค", "ตกลง"] },
  { packageId: "90001", stickerId: "900013", drawn: "😂", name: "ขำ", keywords: ["ขำ", "หัวเราะ"] },
  { packageId: "90001", stickerId: "900014", drawn: "😡", name: "โกรธ", keywords: ["โกรธ", "ไม่พอใจ"] },
  { packageId: "90001", stickerId: "900015", drawn: "😭", name: "เศร้า", keywords: ["ร้องไห้", "เสียใจ"] },
  { packageId: "90001", stickerId: "900016", drawn: "🌧️", name: "ฝนตก", keywords: ["ฝน", "น้ำท่วม"] },
  { packageId: "90001", stickerId: "900017", drawn: "🎉", name: "ยินดีด้วย", keywords: ["ยินดี", "ฉลอง"] },
  { packageId: "90001", stickerId: "900018", drawn: "🐘", name: "ช้าง", keywords: ["ช้าง"] },
];

export const EMOJI = [..."😀😊😅😍🙏👍👎❤😢😡🤔😷🔥🚧💡🚮🌊🏥🚑🚓📍📷✅❌"];

/** How a sticker is drawn; one that we have not, by its ids. */
export function drawnSticker(message) {
  const known = STICKERS.find((one) => one.packageId === message.packageId && one.stickerId === message.stickerId);
  return known || { drawn: "🏷️", name: `${message.packageId}/${message.stickerId}` };
}
