# SPDX-License-Identifier: Apache-2.0
"""Writes days, times and numbers of an answer the way its reader does: Buddhist years and 24-hour clock in Thai."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

BANGKOK = timezone(timedelta(hours=7), "ICT")
#: พ.ศ. = CE + 543
BUDDHIST_ERA = 543

_MONTHS = {
    "th": ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def _moment(value: Any) -> datetime:
    """An ISO string, date or datetime as Bangkok time; a naive one is taken as Bangkok time already."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day, tzinfo=BANGKOK)
    else:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return moment.astimezone(BANGKOK) if moment.tzinfo else moment.replace(tzinfo=BANGKOK)


def day(value: Any, locale: str) -> str:
    """`2026-11-22…` → `22 พ.ย. 2569` / `22 Nov 2026`. Raises ValueError on anything that is no date."""
    moment = _moment(value)
    if locale == "en":
        return f"{moment.day} {_MONTHS['en'][moment.month - 1]} {moment.year}"
    return f"{moment.day} {_MONTHS['th'][moment.month - 1]} {moment.year + BUDDHIST_ERA}"


def clock(value: Any, locale: str) -> str:
    """`…T16:00+07:00` → `16:00 น.` / `16:00`. Raises ValueError."""
    moment = _moment(value)
    return f"{moment:%H:%M}" if locale == "en" else f"{moment:%H:%M} น."


def day_and_clock(value: Any, locale: str) -> str:
    """`22 พ.ย. 2569 เวลา 16:00 น.` / `22 Nov 2026, 16:00`. Raises ValueError."""
    separator = ", " if locale == "en" else " เวลา "
    return f"{day(value, locale)}{separator}{clock(value, locale)}"


def number(value: Any, locale: str) -> str:
    """`1000.0` → `1,000`, `15.4` → `15.4`; the same in both languages. Raises ValueError."""
    amount = round(float(value), 1)
    return f"{int(amount):,}" if amount.is_integer() else f"{amount:,.1f}"


#: The filters that an answer may use, as in `{observed_at|datetime}`.
FILTERS: dict[str, Callable[[Any, str], str]] = {
    "date": day,
    "time": clock,
    "datetime": day_and_clock,
    "number": number,
}
