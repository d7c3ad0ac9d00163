"""A citizen's words: a year beside them is a time, not a word that must stand in the record."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from archive import db
from archive.config import Config
from archive.holdings import actions, queries
from archive.jobs import worker
from tests import factories


@pytest.mark.parametrize(
    "words", ["kvarn", "kvarn 1630-talet", "ett rådstuguprotokoll från 1600-talet"]
)
def test_a_year_in_the_question_narrows_the_time(
    app: Flask, city: Config, tmp_path: Path, words: str
) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    with db.archive.transaction() as session:
        fonds = queries.by_ref(session, "SE/LSA/T1")
        actions.publish_branch(session, fonds, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    page = app.test_client().get("/search", query_string={"q": words}).get_data(as_text=True)
    assert "Rådstuguprotokoll 1634" in page
    wrong = app.test_client().get("/search", query_string={"q": "kvarn 1890-talet"})
    assert "Rådstuguprotokoll 1634" not in wrong.get_data(as_text=True)
