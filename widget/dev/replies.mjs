// SPDX-License-Identifier: Apache-2.0
/** What the development server answers: enough to see every block. Invented data only. */

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

const airCard = (place, pm25, level, band) => ({
  type: "card",
  title: `ฝุ่น PM2.5 ${place}`,
  text: `คุณภาพอากาศ${band}`,
  level: String(level),
  fields: [
    { label: "PM2.5 เฉลี่ย 24 ชม.", value: `${pm25} มคก./ลบ.ม.` },
    { label: "สถานีที่ใกล้ที่สุด", value: "ศาลากลางจังหวัด ห่าง 2.4 กม." },
    { label: "คำแนะนำ", value: "ลดเวลาอยู่กลางแจ้ง สวมหน้ากากเมื่อออกนอกอาคาร" },
  ],
  source: { name: "Air4Thai กรมควบคุมมลพิษ", url: "https://air4thai.pcd.go.th/", observed_at: ago(45), fetched_at: ago(1), sandbox: true },
  links: [{ label: "ดูแผนที่", url: "https://air4thai.pcd.go.th/" }, { label: "โทร 1650", url: "tel:1650" }, { label: "x", url: "javascript:alert(1)" }],
});

const text = (words) => ({ type: "text", text: words });

/** One turn: the blocks that answer what was said. Each entry is tried in order. */
const REPLIES = [
  [/เชียงใหม่|ฝุ่น|pm2\.?5/i, () => [airCard("เชียงใหม่", 52.3, 4, "เริ่มมีผลกระทบต่อสุขภาพ")]],
  [/สถานี/, () => [{ type: "carousel", cards: [airCard("เมืองขอนแก่น", 18.2, 2, "ดี"), airCard("น้ำพอง", 31, 3, "ปานกลาง"), airCard("ชุมแพ", 80.1, 5, "มีผลกระทบต่อสุขภาพ")] }]],
  [/แจ้งปัญหา|ไฟถนน|report/i, () => [
    text("รับแจ้งค่ะ เหตุเกิดที่ไหนคะ พิมพ์ชื่อสถานที่ หรือส่งตำแหน่งก็ได้ค่ะ"),
    { type: "location_request", text: "", label: "ส่งตำแหน่งปัจจุบัน" }]],
  [/ตำแหน่ง|location/, () => [
    { type: "photo_request", text: "มีรูปของจุดที่มีปัญหาไหมคะ ส่งมาได้เลย หรือข้ามไปก่อนก็ได้ค่ะ", label: "เลือกรูป" },
    { type: "choices", text: "", choices: [{ id: "skip", label: "ข้าม" }] }]],
  [/ข้าม|photo/, () => [
    { type: "card", title: "ตรวจสอบข้อมูลก่อนส่ง", fields: [
      { label: "เรื่อง", value: "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมากกก" }, { label: "ประเภท", value: "แสงสว่าง" },
      { label: "สถานที่", value: "ต.หนองแวง อ.พระยืน จ.ขอนแก่น" }], links: [] },
    { type: "choices", text: "ข้อมูลถูกต้องไหมคะ", choices: [{ id: "yes", label: "ถูกต้อง ส่งเรื่องเลย" }, { id: "edit", label: "แก้ไข" }, { id: "no", label: "ยกเลิก" }] }]],
  [/ถูกต้อง/, () => [text("รับเรื่องแล้วค่ะ เลขที่เรื่องของคุณคือ 2569-7KMPX4\nเจ้าหน้าที่จะแจ้งความคืบหน้าในแชตนี้ค่ะ")]],
  [/รูป/, () => [{ type: "image", url: "/pages/seal.svg", alt: "ตราเทศบาลเมืองตัวอย่าง" }]],
  [/ยาว/, () => [text(`https://www.example.go.th/${"a".repeat(120)}`), text("ข้อความยาวเพื่อดูการตัดบรรทัดภาษาไทยซึ่งไม่มีช่องว่างระหว่างคำ ".repeat(12))]],
  [/html/i, () => [text('<img src=x onerror="alert(1)"> [link](javascript:alert(1)) http://example.com/ https://www.example.go.th/หน้าแรก'), { type: "hologram", data: 1 }]],
  [/เงียบ/, () => []],
  [/บัตร|ID card/i, () => [text("บัตรประชาชนหาย ทำบัตรใหม่ได้ที่สำนักทะเบียนทุกแห่งค่ะ"),
    { type: "card", title: "ทำบัตรประชาชนใหม่ กรณีบัตรหาย", text: "", fields: [{ label: "เอกสาร", value: "ใช้เอกสารราชการที่มีรูปถ่าย เช่น ใบขับขี่ หรือพาบุคคลที่น่าเชื่อถือไปรับรอง" },
      { label: "ค่าธรรมเนียม", value: "100 บาท" }, { label: "ระยะเวลา", value: "ประมาณ 15 นาที" }],
      source: { name: "กรมการปกครอง", url: "https://www.dopa.go.th/", sandbox: false }, links: [{ label: "โทร 1548", url: "tel:1548" }] }]],
];

/** The blocks for what was said (text, or the label of a choice; "location" and "photo" for those). */
export function reply(said, first) {
  const notice = first ? [text("เราเก็บข้อความไว้เท่าที่จำเป็นต่อการให้บริการ และลบตามกำหนดค่ะ\nอ่านเพิ่มเติมที่ /privacy")] : [];
  for (const [pattern, make] of REPLIES) if (pattern.test(said)) return [...notice, ...make()];
  return [...notice, text(`คุณพิมพ์ว่า “${said}” ค่ะ`),
    { type: "choices", text: "ต้องการเรื่องไหนคะ", choices: [{ id: "air", label: "ฝุ่น PM2.5" }, { id: "report", label: "แจ้งปัญหา" }] }];
}
