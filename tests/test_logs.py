"""The log says what failed, in a form that a machine can read when it should."""

from __future__ import annotations

import json
import logging
import sys

from archive.logs import JsonLines


def test_a_line_of_the_json_log_holds_message_and_error_and_cannot_be_forged() -> None:
    try:
        raise ValueError('a "quoted"\nproblem')
    except ValueError:
        made = logging.LogRecord(
            "archive.x", logging.ERROR, __file__, 1, "failed: %s", ("a\nb",), sys.exc_info()
        )
    text = JsonLines().format(made)
    assert "\n" not in text
    line = json.loads(text)
    assert line["message"] == "failed: a\nb" and line["level"] == "ERROR"
    assert line["room"] == "archive.x" and 'a "quoted"\nproblem' in line["error"]
    assert line["at"].endswith("+00:00")
