"""Words that a line breaks, put together so that they can be found.

The text itself stays as it stands on the page. Begin at `whole_words`.
"""

from __future__ import annotations

import re

# A mark at the end of a line in the middle of a word; the soft hyphen stands where none is printed.
_BROKEN = re.compile(r"([^\W\d_]+)[-\u00ac\u00ad\u2010\u2e17=][ \t]*\r?\n[ \t]*([^\W\d_]+)")


def whole_words(text: str) -> list[str]:
    """Return every word of the text that stands on two lines, whole, each once."""
    return list(dict.fromkeys(first + rest for first, rest in _BROKEN.findall(text)))


def with_whole_words(text: str) -> str:
    """Return the text with those words after it, for an index."""
    return "\n".join([text, *whole_words(text)])
