# SPDX-License-Identifier: Apache-2.0
"""Generated text for the property tests: Thai as it is typed, with digits, marks, handles and dirt."""

from __future__ import annotations

import time
from collections.abc import Callable

from hypothesis import strategies as st

_THAI = st.text(alphabet="กขคงจดตทนบปผพมยรลวสหอฤะัาำิีึืุูเแโใไๅๆ็่้๊๋์ํฯฺ๑๒๓ ", max_size=30)
_DIGITS = st.text(alphabet="0123456789๐๕- .()+/", max_size=30)
_PIECES = st.sampled_from(
    ["⟦phone:k3f9⟧", "⟦", "⟧", "somchai@example.com", "https://example.com/a?b=1", "081-234-5678", "1-2345-67890-12-1",
     "2569-7KMPX4", "จ.เชียงใหม่", "อ.เมือง", "เลย", "5555", "pm2.5", "l;ylfu", "\u200b", "\u200d", "😀", "👨‍👩‍👧", "\n", "  "]
)  # fmt: skip
MESSAGES = st.lists(st.one_of(_THAI, _DIGITS, _PIECES, st.text(max_size=20)), max_size=12).map("".join)

_LETTERS = st.one_of(st.sampled_from("กาเ่้ ัขแ"), st.sampled_from("0123456789-. +()"), st.characters())
LONG_MESSAGES = st.one_of(
    st.tuples(st.lists(_LETTERS, min_size=1, max_size=8).map("".join), st.just(2000)).map(
        lambda p: (p[0] * p[1])[:2000]
    ),
    st.tuples(MESSAGES, st.just(2000)).map(lambda p: ((p[0] or "ก") * p[1])[:2000]),
)


def seconds(call: Callable[[], object], enough: float) -> float:
    """The least processor time of up to twenty rounds, fewer when one takes less than `enough`: what other work
    on the machine adds does not count."""
    best = float("inf")
    for _ in range(20):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
        if best < enough:
            break
    return best
