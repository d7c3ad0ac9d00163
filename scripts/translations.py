"""Join the parts of the English catalogue and compile it, as the set-up does.

`translations/parts/*.po` hold the pairs, one file a room; the first of two equal msgids counts.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent / "translations"


def main() -> None:
    """Write translations/en/LC_MESSAGES/messages.mo from the parts."""
    whole = Catalog(locale="en", charset="utf-8")
    for part in sorted((ROOT / "parts").glob("*.po")):
        with part.open("rb") as stream:
            for message in read_po(stream, locale="en", charset="utf-8"):
                if message.id and message.string and message.id not in whole:
                    whole.add(message.id, message.string, flags=message.flags)
    target = ROOT / "en" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        write_mo(stream, whole)


if __name__ == "__main__":
    main()
