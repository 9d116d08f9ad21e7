# SPDX-License-Identifier: Apache-2.0
"""The list of cases for officers: the newest that are wanted."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from store.cases import CLOSED, COLUMNS, Case, case_of

_LIST = text(
    f"""
    -- list_cases: a filter that is NULL takes everything; what the citizen said is sealed and cannot be searched
    WITH found AS (
      SELECT {COLUMNS} FROM cases
      WHERE (CAST(:state AS text) IS NULL OR state_type_latest = CAST(:state AS text))
        AND (NOT :open_only OR state_type_latest NOT IN ('{"', '".join(CLOSED)}'))
        AND (CAST(:problem_type AS text) IS NULL OR problem_type = CAST(:problem_type AS text))
        AND (CAST(:words AS text) IS NULL OR position(lower(CAST(:words AS text)) IN lower(
             concat_ws(' ', ticket_id, problem_type, address, subdistrict, district, province, note))) > 0)
      ORDER BY id DESC LIMIT :most)
    SELECT found.*, COALESCE(photos.count, 0) AS photos FROM found
    LEFT JOIN (SELECT case_id, count(*) FROM media WHERE case_id IN (SELECT id FROM found) GROUP BY case_id) AS photos
      ON photos.case_id = found.id
    ORDER BY found.id DESC
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases a list shows; None means all."""

    state: str | None = None
    open_only: bool = False
    problem_type: str | None = None
    #: part of the number, type, place or the officers' note, in any case
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCase:
    """A case in a list, with how many photos belong to it."""

    case: Case
    photos: int


async def list_cases(engine: AsyncEngine, wanted: Wanted | None = None, most: int = 50) -> list[ListedCase]:
    """The newest cases that are wanted; all without `wanted`."""
    filters = {"most": most, **asdict(wanted or Wanted())}
    async with engine.connect() as connection:
        rows = (await connection.execute(_LIST, filters)).all()
    return [ListedCase(case=case_of(row), photos=row.photos) for row in rows]
