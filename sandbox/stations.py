# SPDX-License-Identifier: Apache-2.0
"""The emulated network: invented stations in real places, some with the faults that real ones have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One emulated station; `fault` is "" | "minus1" | "minus999" | "stale"."""

    id: str
    name_th: str
    name_en: str
    subdistrict: str
    district: str
    province: str
    lat: float
    lon: float
    region: str
    kind: str
    fault: str

    @property
    def area_th(self) -> str:
        """As Air4Thai writes it: the province stands after the last comma."""
        if self.province == "กรุงเทพฯ":
            return f"แขวง{self.subdistrict} เขต{self.district}, {self.province}"
        return f"ต.{self.subdistrict} อ.{self.district}, {self.province}"


# name TH | name EN | subdistrict | district | province | lat | lon | region | type | fault
_TABLE = """
ศูนย์ราชการจังหวัดเชียงใหม่|Provincial Government Centre|ช้างเผือก|เมือง|เชียงใหม่|18.8406|98.9697|north|GROUND|
โรงเรียนในเมืองเก่า |Old Town School|ศรีภูมิ|เมือง|เชียงใหม่|18.7909|98.9900|north|GROUND|
ที่ว่าการอำเภอแม่แจ่ม|Mae Chaem District Office|ช่างเคิ่ง|แม่แจ่ม|เชียงใหม่|18.4984|98.3616|north|GROUND|
สำนักงานทรัพยากรธรรมชาติเชียงราย|Natural Resources Office|เวียง|เมือง|เชียงราย|19.9094|99.8235|north|GROUND|
สาธารณสุขอำเภอแม่สาย|Mae Sai Health Office|เวียงพางคำ|แม่สาย|เชียงราย|20.4267|99.8836|north|GROUND|
สวนสาธารณะเขลางค์|Khelang Park|พระบาท|เมือง|ลำปาง|18.2783|99.5065|north|GROUND|
อนามัยบ้านสบป้าด|Sop Pat Health Station|สบป้าด|แม่เมาะ|ลำปาง|18.2506|99.7640|north|GROUND|
สนามกีฬาจังหวัดลำพูน|Lamphun Stadium|ในเมือง|เมือง|ลำพูน|18.5670|99.0386|north|GROUND|
สำนักงานแม่ฮ่องสอน|Mae Hong Son Office|จองคำ|เมือง|แม่ฮ่องสอน|19.3046|97.9717|north|GROUND|
สำนักงานเทศบาลเมืองน่าน|Nan Municipality|ในเวียง|เมือง|น่าน|18.7888|100.7763|north|GROUND|
อุตุนิยมวิทยาแพร่|Phrae Weather Station|นาจักร|เมือง|แพร่|18.1288|100.1623|north|GROUND|
ชุมชนบ้านต๋อม|Ban Tom Community|บ้านต๋อม|เมือง|พะเยา|19.2000|99.8929|north|GROUND|
ศูนย์บริการแม่สอด|Mae Sot Service Centre|แม่ปะ|แม่สอด|ตาก|16.7525|98.5900|west|GROUND|
ริมน้ำน่านพิษณุโลก|Nan Riverside|ในเมือง|เมือง|พิษณุโลก|16.8211|100.2659|north|GROUND|
ลานเมืองปากน้ำโพ|Pak Nam Pho Square|ปากน้ำโพ|เมือง|นครสวรรค์|15.7047|100.1372|central|GROUND|
ประปานครราชสีมา|Korat Waterworks|ในเมือง|เมือง|นครราชสีมา|14.9799|102.0978|northeast|GROUND|
โรงเรียนบ้านหนองน้ำใส|Nong Nam Sai School|ปากช่อง|ปากช่อง|นครราชสีมา|14.7086|101.4166|northeast|GROUND|
บึงกลางเมืองขอนแก่น|Khon Kaen Lake|ในเมือง|เมือง|ขอนแก่น|16.4419|102.8360|northeast|GROUND|
หนองกลางเมืองอุดรธานี|Udon Lake|หมากแข้ง|เมือง|อุดรธานี|17.4139|102.7870|northeast|GROUND|
ทุ่งกลางเมืองอุบลราชธานี|Ubon Field|ในเมือง|เมือง|อุบลราชธานี|15.2287|104.8564|northeast|GROUND|
โรงเรียนริมโขงหนองคาย|Mekong School|ในเมือง|เมือง|หนองคาย|17.8783|102.7420|northeast|GROUND|
ศาลากลางจังหวัดเลย|Loei Provincial Hall|กุดป่อง|เมือง|เลย|17.4860|101.7223|northeast|GROUND|
ลานกีฬาบุรีรัมย์|Buri Ram Sports Ground|เสม็ด|เมือง|บุรีรัมย์|14.9510|103.1030|northeast|GROUND|
ริมคลองดินแดง|Din Daeng Canal|ดินแดง|ดินแดง|กรุงเทพฯ|13.7625|100.5502|central|BKK|
สวนบางนา|Bang Na Park|บางนาเหนือ|บางนา|กรุงเทพฯ|13.6660|100.6057|central|BKK|
กรมกลางพญาไท|Phaya Thai Office|พญาไท|พญาไท|กรุงเทพฯ|13.7799|100.5401|central|GROUND|
โรงพยาบาลปทุมวัน|Pathum Wan Hospital|ปทุมวัน|ปทุมวัน|กรุงเทพฯ|13.7320|100.5364|central|BKK|
ลานจตุจักร|Chatuchak Square|จตุจักร|จตุจักร|กรุงเทพฯ|13.8217|100.5603|central|BKK|
วงเวียนธนบุรี|Thon Buri Circle|บางยี่เรือ|ธนบุรี|กรุงเทพฯ|13.7265|100.4930|central|BKK|minus999
โรงเรียนวังทองหลาง|Wang Thonglang School|พลับพลา|วังทองหลาง|กรุงเทพฯ|13.7786|100.6157|central|GROUND|
สำนักงานเขตบางเขน|Bang Khen Office|อนุสาวรีย์|บางเขน|กรุงเทพฯ|13.8739|100.5960|central|BKK|
รถตรวจอากาศหลักสี่|Lak Si Mobile Unit|ทุ่งสองห้อง|หลักสี่|กรุงเทพฯ|13.8876|100.5660|central|MOBILE|stale
ศาลากลางสมุทรปราการ |Samut Prakan Hall|ปากน้ำ|เมือง|สมุทรปราการ|13.5993|100.5968|central|GROUND|
แขวงทางหลวงสมุทรสาคร|Samut Sakhon Highways|มหาชัย|เมือง|สมุทรสาคร|13.5475|100.2744|central|GROUND|
สวนสาธารณะบางกรวย|Bang Kruai Park|บางกรวย|บางกรวย|นนทบุรี|13.8050|100.4770|central|GROUND|
มหาวิทยาลัยคลองหลวง|Khlong Luang University|คลองหนึ่ง|คลองหลวง|ปทุมธานี|14.0400|100.6150|central|GROUND|
โรงเรียนกรุงเก่า|Old Capital School|ประตูชัย|พระนครศรีอยุธยา|พระนครศรีอยุธยา|14.3520|100.5655|central|GROUND|
สถานีหน้าพระลาน|Na Phra Lan|หน้าพระลาน|เฉลิมพระเกียรติ|สระบุรี|14.6856|100.8710|central|GROUND|
ลานหน้าเมืองราชบุรี|Ratchaburi Square|หน้าเมือง|เมือง|ราชบุรี|13.5332|99.8146|west|GROUND|
สวนเฉลิมกาญจน์|Kanchanaburi Park|ปากแพรก|เมือง|กาญจนบุรี|14.0220|99.5360|west|GROUND|stale
สวนริมทะเลชลบุรี|Chon Buri Seaside|บางปลาสร้อย|เมือง|ชลบุรี|13.3622|100.9847|east|GROUND|
อนามัยศรีราชา|Si Racha Health Station|ทุ่งสุขลา|ศรีราชา|ชลบุรี|13.1010|100.9170|east|GROUND|
ศูนย์วิจัยพืชไร่ระยอง|Rayong Crops Centre|ห้วยโป่ง|เมือง|ระยอง|12.7340|101.1350|east|GROUND|
ตลาดเก่าปราจีนบุรี|Old Market|หน้าเมือง|เมือง|ปราจีนบุรี|14.0510|101.3690|east|GROUND|stale
สวนริมธารากระบี่|Krabi Riverside|ปากน้ำ|เมือง|กระบี่|8.0506|98.9180|south|GROUND|
ศูนย์บริการภูเก็ต|Phuket Service Centre|ตลาดใหญ่|เมือง|ภูเก็ต|7.8850|98.3910|south|GROUND|
สำนักงานสุราษฎร์ธานี|Surat Thani Office|มะขามเตี้ย|เมือง|สุราษฎร์ธานี|9.1260|99.3250|south|GROUND|
เทศบาลหาดใหญ่|Hat Yai Municipality|หาดใหญ่|หาดใหญ่|สงขลา|7.0080|100.4747|south|GROUND|
สนามช้างเผือกยะลา|Yala Sports Ground|สะเตง|เมือง|ยะลา|6.5470|101.2830|south|GROUND|
ศาลากลางนราธิวาส|Narathiwat Hall|บางนาค|เมือง|นราธิวาส|6.4264|101.8230|south|GROUND|minus1
"""


def _station(number: int, line: str) -> Station:
    name_th, name_en, subdistrict, district, province, lat, lon, region, kind, fault = line.split("|")
    return Station(
        id=f"s{number:02d}t", name_th=name_th, name_en=name_en, subdistrict=subdistrict, district=district,
        province=province, lat=float(lat), lon=float(lon), region=region, kind=kind, fault=fault,
    )  # fmt: skip


STATIONS: tuple[Station, ...] = tuple(
    _station(number, line) for number, line in enumerate(_TABLE.strip().splitlines(), start=1)
)
