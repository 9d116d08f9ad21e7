// SPDX-License-Identifier: Apache-2.0
// The place picker: well-known Thai places, or own coordinates.

import { button, el } from "./element.js";
import { attempt, field, openSheet } from "./sheet.js";
import { WORDS } from "./words.js";

/** Public places, rounded to about 100 m. */
export const PLACES = [
  { title: "อนุสาวรีย์ชัยสมรภูมิ", address: "เขตราชเทวี กรุงเทพมหานคร", latitude: 13.765, longitude: 100.538 },
  { title: "ประตูท่าแพ", address: "อำเภอเมืองเชียงใหม่ จังหวัดเชียงใหม่", latitude: 18.788, longitude: 98.993 },
  { title: "อนุสาวรีย์ท้าวสุรนารี", address: "อำเภอเมืองนครราชสีมา จังหวัดนครราชสีมา", latitude: 14.975, longitude: 102.098 },
  { title: "บึงแก่นนคร", address: "อำเภอเมืองขอนแก่น จังหวัดขอนแก่น", latitude: 16.411, longitude: 102.836 },
  { title: "หอนาฬิกาหาดใหญ่", address: "อำเภอหาดใหญ่ จังหวัดสงขลา", latitude: 7.009, longitude: 100.471 },
  { title: "หาดป่าตอง", address: "อำเภอกะทู้ จังหวัดภูเก็ต", latitude: 7.896, longitude: 98.296 },
];

/** Opens the picker and sends what was chosen. */
export function pickPlace(phone) {
  const send = (place) => {
    close();
    attempt(() => phone.location(place));
  };
  const own = (event) => {
    event.preventDefault();
    const filled = new FormData(event.target);
    const title = filled.get("title").trim();
    send({
      latitude: Number(filled.get("latitude")),
      longitude: Number(filled.get("longitude")),
      ...(title && { title }),
    });
  };
  const degrees = (name, limit) => ({ name, type: "number", step: "any", min: -limit, max: limit, required: true });
  const close = openSheet(WORDS.choosePlace, [
    ...PLACES.map((place) =>
      button(
        { class: "sheet-item place", on: { click: () => send(place) } },
        el("span", { text: place.title }),
        el("small", { text: place.address }),
      ),
    ),
    el(
      "form",
      { class: "form", on: { submit: own } },
      el("h3", { text: WORDS.ownPlace }),
      field(WORDS.latitude, degrees("latitude", 90)),
      field(WORDS.longitude, degrees("longitude", 180)),
      field(WORDS.placeName, { name: "title", maxlength: 100 }),
      el("button", { class: "primary", text: WORDS.sendPlace }),
    ),
  ]);
}
