"""Words that a question means are pointed at by the same Swedish as the search finds them with."""

from __future__ import annotations

import pytest

from archive.search.pointing import pointed_at

WORDS = (
    "Öfver", "Stångebron", "går", "vägen", "till", "skolorna,",
    "och", "bron", "är", "af", "sten", ".",
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("skola", ["skolorna,"]),
        ("över", ["Öfver"]),
        ("bro", ["Stångebron", "bron"]),
        ("stånge*", ["Stångebron"]),
        ('"till skolorna"', ["till skolorna,"]),
        ('"skolorna till"', []),
        ("sten -bron", ["sten"]),
        ("titel:sten", []),
        ("hest", []),
        ("", []),
        ("*", []),
    ],
)
def test_forms_old_spellings_compounds_and_phrases(question: str, found: list[str]) -> None:
    assert [" ".join(WORDS[first:after]) for first, after in pointed_at(question, WORDS)] == found
