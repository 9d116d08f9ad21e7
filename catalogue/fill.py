# SPDX-License-Identifier: Apache-2.0
"""Fills the placeholders of an answer: what has no value disappears, what is a list repeats."""

from __future__ import annotations

import json
import re
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalogue.formats import FILTERS

#: `{name}` or `{name|filter}`; JSON braces in payloads never look like this.
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?:\|([a-z][a-z0-9_]*))?\}")

#: One table of words: locale → value → words; `same` keeps a value that the table does not have.
WordTable = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Filler:
    """What placeholders stand for while one answer is filled."""

    values: Mapping[str, Any]
    tables: Mapping[str, WordTable]
    locale: str
    #: names of tables whose unknown values stand for themselves
    same: frozenset[str] = frozenset()

    def inside(self, item: Any) -> Filler:
        """The filler for one item of a list: its fields come first, a plain item is `{item}`."""
        fields = item if isinstance(item, Mapping) else {"item": item}
        return replace(self, values=ChainMap(dict(fields), dict(self.values)))

    def has(self, name: str) -> bool:
        """Whether `when: name` holds: the value is neither missing, empty nor false."""
        value = self.values.get(name)
        return not _empty(value) and value is not False

    def value(self, name: str, filtered_by: str | None = None) -> Any:
        """A placeholder's value, None when there is nothing to show."""
        value = self.values.get(name)
        if _empty(value) or filtered_by is None:
            return None if _empty(value) else value
        if filtered_by in FILTERS:
            try:
                return FILTERS[filtered_by](value, self.locale)
            except (ValueError, TypeError):
                return None
        key = str(value)
        table = self.tables.get(filtered_by, {})
        for locale in (self.locale, "th"):
            if key in table.get(locale, {}):
                return table[locale][key]
        return key if filtered_by in self.same else None


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, Sequence, Mapping)) and len(value) == 0)


def string(template: str, filler: Filler) -> str | None:
    """The filled string; None when one of its placeholders has no value."""
    parts: list[str] = []
    at = 0
    for match in PLACEHOLDER.finditer(template):
        value = filler.value(match[1], match[2])
        if value is None:
            return None
        parts += [template[at : match.start()], str(value)]
        at = match.end()
    return "".join(parts) + template[at:]


def first(templates: str | Sequence[str], filler: Filler) -> str | None:
    """The first of several templates that can be filled."""
    for template in [templates] if isinstance(templates, str) else templates:
        filled = string(template, filler)
        if filled is not None:
            return filled
    return None


def raw(template: Any, filler: Filler) -> Any:
    """A value that keeps its JSON type when the template is one placeholder and nothing else."""
    if not isinstance(template, str):
        return template
    match = PLACEHOLDER.fullmatch(template)
    return filler.value(match[1], match[2]) if match else string(template, filler)


def payload(template: str, filler: Filler) -> str | None:
    """A Rasa payload; values are written as JSON, inside quotes as the inside of a JSON string."""
    parts: list[str] = []
    at = 0
    for match in PLACEHOLDER.finditer(template):
        value = filler.value(match[1], match[2])
        if value is None:
            return None
        quoted = template[match.start() - 1] == '"' and template[match.end() : match.end() + 1] == '"'
        shown = json.dumps(str(value), ensure_ascii=False)[1:-1] if quoted else None
        json_start = "{" in template[: match.start()]
        if shown is None:
            shown = json.dumps(value, ensure_ascii=False) if json_start else str(value)
        parts += [template[at : match.start()], shown]
        at = match.end()
    return "".join(parts) + template[at:]


def _lines(template: str | Sequence[Any], filler: Filler) -> Iterator[str | None]:
    if isinstance(template, str):
        for line in template.rstrip("\n").split("\n"):
            yield string(line, filler)
        return
    for line in template:
        if isinstance(line, str):
            yield from _lines(line, filler)
            continue
        for inside in repeated(line, filler):
            yield first(line["line"], inside)


def text(template: str | Sequence[Any], filler: Filler) -> str | None:
    """Text of one or more lines; a line without its value is left out. None when nothing is left."""
    if template == "":
        return ""
    lines = [line for line in _lines(template, filler) if line is not None]
    return "\n".join(lines).strip("\n") or None


def repeated(template: Mapping[str, Any], filler: Filler) -> Iterator[Filler]:
    """The fillers with which a part is written: none when its condition fails, several with `each`."""
    when, unless, each = template.get("when"), template.get("unless"), template.get("each")
    if each is None:
        if (when is None or filler.has(when)) and (unless is None or not filler.has(unless)):
            yield filler
        return
    items = filler.values.get(each)
    if not isinstance(items, (list, tuple)):
        return
    for item in items:
        inside = filler.inside(item)
        if (when is None or inside.has(when)) and (unless is None or not inside.has(unless)):
            yield inside
