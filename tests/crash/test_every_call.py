"""A fault at every call of an ingest that changes a disk: nothing lost, nothing half-visible.

`make test` tries a few calls of each kind, always the same; `make crashtest` tries every one.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.crash.conftest import WHOLE, Breaking
from tests.crash.faults import Kind

KINDS = [Kind.ENOSPC, Kind.FULL, Kind.EIO, Kind.KILL, Kind.POWER]
# A share of the calls for each test, so that two processes can share the whole of them.
PARTS = 16 if WHOLE else 1
SAMPLE = 2


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_any_call_leaves_all_or_nothing_and_the_next_worker_finishes(
    breaking: Breaking, calls: list[str], kind: Kind, part: int
) -> None:
    if WHOLE:
        chosen = range(part, len(calls), PARTS)
    else:
        first = 7 + 31 * KINDS.index(kind)
        chosen = range(first, len(calls), len(calls) // SAMPLE)[:SAMPLE]
    wrong = [each for at in chosen for each in breaking.wrong(kind, at)]
    assert wrong == []
    print(f"{kind}: {len(chosen)} calls of {len(calls)}")


def test_the_faults_reach_every_kind_of_call(calls: list[str]) -> None:
    kinds = Counter(call.split()[0] for call in calls)
    assert len(calls) > 300
    assert kinds.keys() >= {"write", "create", "fsync", "mkdir", "rename", "commit", "committed"}
    places = ("/quarantine/", "/store", "/copy", "/index/", "/public/files/", "/derivatives/")
    assert all(any(f" {place}" in call for call in calls) for place in places)


def _after(calls: list[str], what: str) -> int:
    """Return the number of the first call after the commit that follows a kind of call."""
    first = next(n for n, call in enumerate(calls) if what in call)
    return next(n for n in range(first, len(calls)) if calls[n] == "committed") + 1


@pytest.mark.parametrize(
    "what", ["/.incoming", "/unpacked/", "rename /store.staging", "/derivatives/", "/public/files/"]
)
def test_what_a_row_names_is_on_the_disk_when_the_power_is_cut_after_its_commit(
    breaking: Breaking, calls: list[str], what: str
) -> None:
    assert breaking.wrong(Kind.POWER, _after(calls, what)) == []
