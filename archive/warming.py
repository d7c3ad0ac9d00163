"""Walk the first pages in a thread when a web process starts, so that no reader waits for it.

Opening the index, reading the word lists and compiling templates and translations takes most of
a second, once in each process. Changes nothing, and fails silently: it is a courtesy. Begin at
`begin`.
"""

from __future__ import annotations

import gc
import logging
import threading

from flask import Flask

log = logging.getLogger(__name__)
_PATHS = ("/", "/search?q=stad+1880", "/en/search?q=stad", "/login")


def begin(app: Flask) -> threading.Thread:
    """Start warming the application's process; return the thread, which ends by itself."""
    thread = threading.Thread(target=_prepare, args=(app,), name="warming", daemon=True)
    thread.start()
    return thread


def _prepare(app: Flask) -> None:
    walk(app)
    # What is loaded now stays as long as the process. Looking through it for circles at every
    # full collection took some 100 ms out of a reader's answer at 20,000 records.
    gc.collect()
    gc.freeze()


def walk(app: Flask) -> None:
    """Ask for the pages as the first reader would; those of the other half answer 404."""
    for path in _PATHS:
        try:
            app.test_client().get(path, base_url="http://localhost")
        except Exception:  # the next reader meets the same error, and is told of it
            log.exception("warming stopped at %s", path)
            return
