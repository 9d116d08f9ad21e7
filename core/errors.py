# SPDX-License-Identifier: Apache-2.0
"""Errors as verdicts: five classes, each of which says what happens next.

Every channel and every agency client has one classifier that turns whatever went wrong into one of these five.
Unknown trouble is `Unavailable`, with the raw reason kept for staff (never for citizens, never with their text).
"""

from __future__ import annotations


class Verdict(Exception):
    """Root of the five verdicts; `reason` is for staff and logs and must hold no citizen text."""

    #: the name of the verdict in metrics, tables and logs
    verdict = "unavailable"

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or (self.__doc__ or "").split("\n")[0])
        self.reason = reason


class Unavailable(Verdict):
    """The other side did not answer or is not ready: try again later."""

    verdict = "unavailable"

    def __init__(self, reason: str = "", retry_after: float | None = None, *, maybe_done: bool = False) -> None:
        super().__init__(reason)
        #: seconds to wait before the next try, when the other side said so
        self.retry_after = retry_after
        #: the other side may have done it all the same: its answer was lost, not our request
        self.maybe_done = maybe_done


class Rejected(Verdict):
    """The other side understood and refused: trying again cannot help, staff must look."""

    verdict = "rejected"


class RecipientGone(Verdict):
    """The contact cannot be reached any more (blocked, left, deleted): close it."""

    verdict = "recipient_gone"


class Unauthorised(Verdict):
    """Our credentials are wrong or expired: pause the channel or client and alert."""

    verdict = "unauthorised"


class Forged(Verdict):
    """The caller is not who it says it is: 401, count it, store nothing."""

    verdict = "forged"


VERDICTS: tuple[type[Verdict], ...] = (Unavailable, Rejected, RecipientGone, Unauthorised, Forged)
