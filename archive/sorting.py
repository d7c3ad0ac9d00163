"""The order of names as Swedish readers expect it: å, ä, ö last, letter case and é as e.

For lists that people read. Keys and references are ordered by code point, on every database.
Begin at `swedish`.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

COLLATION = "swedish"
_LETTERS = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y", "ß": "ss"})


class swedish(FunctionElement[str]):
    """A text column in Swedish order, to be given to `order_by`."""

    type = Text()
    inherit_cache = True


def key(value: str) -> tuple[str, str]:
    """Return a sort key; of two that differ in case or accent only, code points decide."""
    folded = unicodedata.normalize("NFC", value).casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return plain, value


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1, as a collation function of SQLite does."""
    first, second = key(one), key(other)
    return (first > second) - (first < second)


@compiles(swedish)
def _own_collation(element: swedish, compiler: Any, **options: Any) -> str:
    return f"{compiler.process(element.clauses, **options)} COLLATE {COLLATION}"


@compiles(swedish, "postgresql")
def _server_collation(element: swedish, compiler: Any, **options: Any) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "sv-x-icu"'
