"""English is complete: every Swedish text has its English, with the same places to fill."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
METHODS = [
    ("archive/**.py", "python"),
    ("ingest/**.py", "python"),
    ("templates/**.html", "jinja2.ext:babel_extract"),
]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def texts() -> set[str]:
    """Return every Swedish text of the code and the templates."""
    found = extract_from_dir(
        ROOT, METHODS, keywords=KEYWORDS, directory_filter=lambda path: "/." not in str(path)
    )
    return {m if isinstance(m, str) else m[0] for _file, _line, m, _notes, _context in found}


def english() -> dict[str, str]:
    """Return every pair of the parts."""
    pairs: dict[str, str] = {}
    for part in sorted((ROOT / "translations" / "parts").glob("*.po")):
        with part.open("rb") as stream:
            for message in read_po(stream, locale="en"):
                key = message.id if isinstance(message.id, str) else message.id[0]
                value = message.string if isinstance(message.string, str) else message.string[0]
                if key and value:
                    pairs.setdefault(key, value)
    return pairs


def test_every_text_has_its_english() -> None:
    missing = sorted(texts() - english().keys())
    assert missing == []


def test_the_english_has_the_same_places_to_fill() -> None:
    places = re.compile(r"%\(\w+\)[sd]")
    for swedish, translated in english().items():
        assert sorted(places.findall(swedish)) == sorted(places.findall(translated)), swedish
