"""Draw the city's scans ahead, in other processes, while what is drawn already is taken in.

The drawing is the longest part of a first start and needs nothing of the archive. Begin at
`Drawing`.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor

from ingest.demo.deliveries import Delivery, pictures
from ingest.demo.draw import Picture, scan


class Drawing:
    """The scans of many deliveries, drawn in their order. Use as a context."""

    def __init__(self, city: Iterable[Delivery]) -> None:
        self._wanted = tuple(dict.fromkeys(p for delivery in city for p in pictures(delivery)))
        self._drawn: dict[Picture, Future[bytes]] = {}
        # Spawned, not forked: a copy of this process would hold its databases and locks.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(mp_context=context)

    def __enter__(self) -> Drawing:
        self._drawn = {picture: self._pool.submit(scan, picture) for picture in self._wanted}
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def of(self, picture: Picture) -> bytes:
        """Return a picture's JPEG, as soon as it is drawn."""
        return self._drawn[picture].result()
