"""The report that a supplier gets: everything found, in words, on paper and for a program."""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from flask.testing import FlaskClient

from archive import clock, db
from archive.config import Config
from archive.errors import Invalid
from ingest import pipeline, queries, report, report_pdf
from ingest.findings import Finding, catalogue
from tests import factories
from tests.command_line import Command
from tests.command_line import command as command

Login = Callable[[str], FlaskClient]
HOSTILE = "<img src=file:///etc/passwd>&amp;\u202e{{7*7}}" + "å" * 500


def _broken(folder: Path) -> Path:
    whole = factories.package(folder, factories.spec(factories.minutes()))
    (folder / "trasig.zip").write_bytes(whole.read_bytes()[:-400])
    return folder / "trasig.zip"


def _text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def _report(*findings: Finding, name: str = "leverans.zip") -> report.Report:
    told = report.Delivered(name=name, size_bytes=1234, files=3, profile="csip-2.1")
    return report.Report(told, report.Verdict.INVALID, findings, clock.now())


def test_a_rejected_delivery_tells_its_supplier_what_to_mend(
    login: Login, city: Config, tmp_path: Path
) -> None:
    transfer = factories.take_in(city, _broken(tmp_path))
    client = login("archivist")
    told = client.get(f"/desk/ingest/{transfer.pid}/report.json")
    assert told.headers["Content-Disposition"] == 'attachment; filename="leverans-1-rapport.json"'
    said = json.loads(told.data)
    assert said["verdict"] == "rejected" and said["counts"]["error"] >= 1
    assert said["delivered"]["sha512"] == transfer.sha512
    assert all(f["message"]["sv"] and f["message"]["en"] for f in said["findings"])
    for language, words in (("sv", "Leveransen är avvisad"), ("en", "The delivery is rejected")):
        answer = client.get(f"/desk/ingest/{transfer.pid}/report.pdf?language={language}")
        assert answer.mimetype == "application/pdf"
        text = _text(answer.data)
        assert words in text and "UNPACK-BROKEN" in text and "trasig.zip" in text


def test_a_report_is_read_by_who_may_read_the_delivery_only(
    login: Login, city: Config, tmp_path: Path
) -> None:
    transfer = factories.take_in(city, _broken(tmp_path), unit="KS")
    for ending in ("json", "pdf"):
        path = f"/desk/ingest/{transfer.pid}/report.{ending}"
        assert login("case_officer").get(path).status_code == 403
        assert login("unit_manager").get(path).status_code == 404  # another unit's
        assert login("auditor").get(path).status_code == 200
        assert login("auditor").get(f"/desk/ingest/nothing/report.{ending}").status_code == 404
    refused = login("city_archivist").get(f"/desk/ingest/{transfer.pid}/report.pdf?language=de")
    assert refused.status_code == 422


def test_the_reason_of_a_refusal_is_told_and_that_of_a_taking_in_is_not(
    city: Config, tmp_path: Path
) -> None:
    leaf = factories.minutes(record_type=None)
    transfer = factories.take_in(city, factories.package(tmp_path, factories.spec(leaf)))
    viewer = factories.viewer("archivist")
    with db.archive.transaction() as session:
        row = queries.by_pid(session, transfer.pid)
        row.assigned_reason = "internt"
        assert report.of_transfer(session, row).reason == ""
        pipeline.reject(session, row, reason="Fel arkivbildare.", viewer=viewer)
        made = report.of_transfer(session, row)
    assert "Fel arkivbildare." in report_pdf.html(made, "sv")


def test_the_pdf_has_title_language_tags_and_its_own_letters() -> None:
    content = report_pdf.pdf(_report(Finding("UNPACK-EMPTY", "åäö.zip")), "sv")
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    assert document.get_metadata_dict()["Title"] == "Rapport om leverans: leverans.zip"
    assert round(document[0].get_width()) == 595 and round(document[0].get_height()) == 842
    for mark in (b"/Lang (sv)", b"/MarkInfo", b"/StructTreeRoot", b"/FontFile"):
        assert mark in _unpacked(content), mark
    assert "åäö.zip" in _text(content)


def test_every_rule_of_the_catalogue_can_be_printed_in_both_languages() -> None:
    made = _report(*(Finding(code, "mets.xml:7") for code in catalogue()))
    for language in report.LANGUAGES:
        page = report_pdf.html(made, language)
        assert all(code in page for code in catalogue())
    text = _text(report_pdf.pdf(made, "en"))
    assert "UNPACK-EMPTY" in text


def test_what_a_delivery_calls_itself_is_text_and_nothing_more() -> None:
    made = _report(Finding("UNPACK-LINK", HOSTILE, {"name": HOSTILE}), name=HOSTILE)
    page = report_pdf.html(made, "sv")
    assert "<img" not in page and "49" not in page.split("</h2>")[1]
    assert "passwd" in _text(report_pdf.pdf(made, "sv"))  # as text, not as a picture


def test_ten_thousand_places_make_a_report_that_can_be_read() -> None:
    made = _report(*(Finding("UNPACK-LINK", f"{n}.xml", {"name": n}) for n in range(10_000)))
    content = report_pdf.pdf(made, "sv")
    assert len(pypdfium2.PdfDocument(io.BytesIO(content))) < 5
    assert "9\u00a0975 ställen till" in _text(content) or "9975 ställen till" in _text(content)
    assert len(made.as_dict()["findings"]) == 10_000  # type: ignore[arg-type]


def test_another_language_is_refused() -> None:
    with pytest.raises(Invalid):
        report_pdf.pdf(_report(), "de")


def test_the_shell_writes_the_report_of_a_package_that_it_keeps_nothing_of(
    command: Command, tmp_path: Path
) -> None:
    target, broken = tmp_path / "rapport.pdf", _broken(tmp_path)
    assert command("validate", broken, "--pdf", target, "--language", "en").code == 1
    assert "The package is not valid" in _text(target.read_bytes())
    nowhere = command("validate", broken, "--pdf", tmp_path / "x" / "r.pdf")
    assert nowhere.code == 1 and "there is no folder" in nowhere.err


def _unpacked(content: bytes) -> bytes:
    whole = content
    for found in re.finditer(rb"stream\r?\n", content):
        try:
            whole += zlib.decompressobj().decompress(content[found.end() :])
        except zlib.error:
            continue
    return whole
