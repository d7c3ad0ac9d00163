"""What the house says of a format: taken, taken with a wish, asked about, or refused.

The list that comes with the program (`policy.json`, formats as named by PRONOM, The National
Archives) and above it the house's own rules. Knows no database. Begin at `Policy.verdict`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from ingest.formats.identify import Format

ANY, UNKNOWN = "*", "unknown"  # every format that no rule names; a file that nothing identified
HOUSE = ""  # no agreement: the rule holds for all
_SUBJECT = re.compile(r"(x-)?fmt/[1-9]\d{0,5}|\.[a-z0-9_-]{1,16}|\*|unknown")


class Verdict(StrEnum):
    """What follows for a file of the format."""

    ACCEPT = "accept"
    MIGRATE = "migrate"  # taken, and another format is wished for
    ASK = "ask"  # taken, and an archivist looks at it
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Group:
    """Formats that belong together in the list; names by PUID, or by suffix (".sh")."""

    verdict: Verdict
    sv: str
    en: str
    formats: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules for one delivery: those of its agreement, the house's, and the list's."""

    agreement: Mapping[str, Verdict] = field(default_factory=dict)
    house: Mapping[str, Verdict] = field(default_factory=dict)

    def verdict(self, found: Format, path: str) -> Verdict:
        """Return what is said of a file: the agreement's word before the house's, then the list's.

        The name counts only where the bytes do not tell: a script is text by its bytes. Of name
        and format the stricter rule holds then.
        """
        said = [self._of(found.puid or UNKNOWN)]
        suffix = suffix_of(path)
        if suffix and not found.is_certain and self._names(suffix):
            said.append(self._of(suffix))
        return max(said, key=list(Verdict).index)

    def _of(self, subject: str) -> Verdict:
        listed = default_rules()
        for rules, whole in ((self.agreement, True), (self.house, False), (listed, False)):
            if subject in rules:
                return rules[subject]
            # An agreement that says what holds for all else means it; the house's own such word
            # is about what the list does not name.
            if whole and ANY in rules and subject != UNKNOWN:
                return rules[ANY]
        return self.house.get(ANY, listed[ANY])

    def _names(self, subject: str) -> bool:
        return any(subject in rules for rules in (self.agreement, self.house, default_rules()))


def is_subject(text: str) -> bool:
    """Return whether a rule can be about it: a PUID, a suffix, "*" or "unknown"."""
    return _SUBJECT.fullmatch(text) is not None


def suffix_of(path: str) -> str:
    """Return the suffix of a file's name in small letters (".jpg"), or nothing."""
    return Path(path.rsplit("/", 1)[-1]).suffix.lower()


@cache
def default_groups() -> tuple[Group, ...]:
    """Return the list that comes with the program, in its order."""
    return tuple(
        Group(Verdict(each["verdict"]), each["sv"], each["en"], each["formats"])
        for each in _listed()["groups"]
    )


@cache
def default_rules() -> Mapping[str, Verdict]:
    """Return the list by its subjects, ANY and UNKNOWN among them."""
    rules = {subject: Verdict(_listed()[subject]) for subject in (ANY, UNKNOWN)}
    return rules | {name: group.verdict for group in default_groups() for name in group.formats}


@cache
def names() -> Mapping[str, str]:
    """Return what the formats of the list are called."""
    return {puid: name for group in default_groups() for puid, name in group.formats.items()}


@cache
def _listed() -> dict[str, Any]:
    listed: dict[str, Any] = json.loads(Path(__file__).with_name("policy.json").read_text("utf-8"))
    return listed
