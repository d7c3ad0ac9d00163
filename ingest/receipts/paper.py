"""A receipt on A4, in Swedish, from `templates/receipts/paper.html`. Begin at `pdf`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ingest import report_pdf

PACKAGES = 300  # on paper; the rest is counted there, and stands in the facts beside it


def pdf(facts: Mapping[str, Any]) -> bytes:
    """Return the receipt as a PDF document (PDF/UA), the same for the same facts.

    :raises Unavailable: where the system's library for text layout is missing.
    """
    page = report_pdf.environment("sv").get_template("receipts/paper.html")
    moments = {
        name: datetime.fromisoformat(facts[name]) if facts[name] else None
        for name in ("received_at", "taken_in_at")
    }
    return report_pdf.laid_out(page.render(told=facts, shown=PACKAGES, **moments))
