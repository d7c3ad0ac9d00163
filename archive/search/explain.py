"""Say in plain sentences why a record is a hit for a question, or why it is not.

For `stadsarkiv explain` and for whoever wonders about a missing hit; not for speed.
Begin at `explain`.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from archive.search import grammar
from archive.search.compounds import parts
from archive.search.matching import WEIGHTS, Match, match
from archive.search.snapshot import Snapshot
from archive.search.stems import key


def explain(index: Snapshot, identity: str, text: str, today: date) -> list[str]:
    """Return one sentence for each thing that decides whether `identity` is a hit for `text`."""
    number = index.number_of.get(identity)
    if number is None:
        return [f"{identity}: not in this index"]
    said = []
    if index.columns.until[number] <= today.toordinal():
        said.append("in the index, but no longer open on this day, so not shown")
    groups = grammar.read(text)
    for group in groups:
        said.extend(_clause(index, number, clause) for clause in group)
    found = match(index, groups)
    verdict = "is a hit" if found.mask[number] else "is not a hit"
    return [*said, f"{identity} {verdict} for “{text}” (score {found.scores[number]:.2f})"]


def _clause(index: Snapshot, number: int, clause: grammar.Clause) -> str:
    shown = " ".join(clause.words) + ("*" if clause.prefix else "")
    found: Match = match(index, [(clause,)])
    met = bool(found.mask[number])
    if clause.negative:
        return f"-{shown}: {'the record does not have it' if met else 'the record has it: out'}"
    where = ", ".join(_where(index, number, clause)) if met else ""
    if met:
        return f"{shown}: met" + (f" ({where})" if where else "")
    compound = parts(clause.words[0])
    tried = [f"key {key(clause.words[0])}", *(f"part {one}" for one in compound)]
    return f"{shown}: not met; looked for {', '.join(tried)}"


def _where(index: Snapshot, number: int, clause: grammar.Clause) -> list[str]:
    own = key(clause.words[0])
    found = []
    for name in (*WEIGHTS, "parts"):
        numbers, weights = index.postings(name, own)
        at = np.flatnonzero(numbers == number)
        if len(at):
            found.append(f"{own} in {name} × {int(weights[at[0]])}")
    return found
