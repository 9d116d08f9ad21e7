# SPDX-License-Identifier: Apache-2.0
"""Reply blocks of every kind, generated: what actions and answers may hand to a channel."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

#: enough to find what is wrong, quick enough for every run
QUICK = settings(max_examples=50, deadline=None)

#: stands in everything that a citizen must never see
SECRET = "/intent_nobody_may_see"

words = st.text(min_size=1, max_size=30)
maybe = st.none() | words
choices = st.lists(
    st.fixed_dictionaries({"label": words, "payload": words.map(lambda text: f'{SECRET}{{"x": "{text}"}}')}), max_size=4
)
link = st.fixed_dictionaries(
    {"label": words, "url": st.sampled_from(["https://a.go.th/x", "tel:1111", "mailto:a@b.go.th"])}
)
card: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "type": st.just("card"),
        "title": words,
        "fields": st.lists(st.fixed_dictionaries({"label": words, "value": words}), max_size=3),
        "links": st.lists(link, max_size=2),
    },
    optional={
        "text": maybe,
        "level": st.none() | st.sampled_from("12345"),
        "source": st.fixed_dictionaries(
            {"name": words, "sandbox": st.booleans()}, optional={"url": words, "observed_at": words, "label": words}
        ),
        "answer": words.map(lambda text: SECRET + text),
    },
)


def _simple(kind: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), **fields}, optional={"answer": st.just(SECRET)})


block: st.SearchStrategy[dict[str, Any]] = st.one_of(
    _simple("text", text=words),
    _simple("choices", text=st.just("") | words, choices=choices),
    card,
    _simple("carousel", cards=st.lists(card, max_size=3)),
    _simple("image", url=words, alt=words),
    _simple("image", media=words, url=st.none(), alt=words),
    _simple("location_request", text=words, label=words),
    _simple("photo_request", text=words, label=words),
    _simple("download", label=words, path=st.just("/chat/export")),
    _simple("directive", name=st.sampled_from(["erase", "export"])),
)
blocks = st.lists(block, max_size=5)
