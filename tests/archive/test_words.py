"""What the code says in codes and in English has its words at the desk."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import telling
from archive.desk import deeds
from archive.desk.words import WORDS
from archive.scanning import words as _scanning  # noqa: F401 - brings its sentences
from ihp.terms import Phase

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("accounts", "cases", "describing", "desk", "history", "holdings", "plans",
         "scanning")  # fmt: skip
ERRORS = {"Invalid", "NotFound", "Conflict", "Refused", "Full", "Elsewhere"}


def _calls(*paths: Path) -> Iterator[ast.Call]:
    for path in paths:
        yield from (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call))


def _files() -> list[Path]:
    files = [f for room in ROOMS for f in (ROOT / "archive" / room).glob("*.py")]
    files += (ROOT / "ingest" / "formats").glob("*.py")
    dock = ("pipeline", "receive", "uploads", "upload_views", "steering")
    return [*files, *(ROOT / "ingest" / f"{name}.py" for name in dock)]


def _sentence(node: ast.expr) -> str | None:
    """Return a literal or an f-string with 7 in its places; None for what data says."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else "7" for p in node.values)
        return "".join(str(part) for part in parts)
    return None


def _errors() -> set[str]:
    found = set()
    for call in _calls(*_files()):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in ERRORS and call.args and (said := _sentence(call.args[0])):
            carries_its_own = any(k.arg == "sv" for k in call.keywords) or len(call.args) > 1
            if not carries_its_own:
                found.add(said)
    return found


@pytest.mark.parametrize("sentence", sorted(_errors()))
def test_every_error_that_the_desk_can_meet_has_its_swedish(sentence: str) -> None:
    assert telling.in_swedish(sentence), sentence


def _literals(*functions: str) -> set[str]:
    paths = [p for top in ("archive", "ingest") for p in (ROOT / top).rglob("*.py")]
    found = set()
    for call in _calls(*paths):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name in functions:
            found |= {a.value for a in call.args[:2] if isinstance(a, ast.Constant)}
    return {str(v) for v in found if re.fullmatch(r"[a-z]+(\.[a-z_]+)?", str(v))}


def test_every_deed_of_the_log_has_its_words() -> None:
    acts = {a for a in _literals("record") if "." in a or a.startswith("log")}
    assert acts and acts <= set(deeds.DEEDS)


def test_every_job_of_the_queue_has_its_words() -> None:
    jobs = {name for name in _literals("enqueue", "every", "handler") if "." in name}
    assert jobs and jobs <= set(deeds.JOBS)


def test_every_phase_of_secrecy_has_its_words() -> None:
    assert {phase.value for phase in Phase} <= set(WORDS)
