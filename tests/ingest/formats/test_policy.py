"""The list, the house's word above it, and an agreement's word above both."""

from __future__ import annotations

import pytest

from ingest.formats import policy
from ingest.formats.identify import Format
from ingest.formats.policy import Policy, Verdict

CERTAIN = "byte match at 0, 8"


def _format(puid: str | None, basis: str = CERTAIN) -> Format:
    return Format(puid, basis=basis)


@pytest.mark.parametrize("puid, path, verdict", [
    ("fmt/354", "a.pdf", Verdict.ACCEPT),       # PDF/A-1b
    ("fmt/353", "a.tif", Verdict.ACCEPT),
    ("fmt/43", "a.jpg", Verdict.ACCEPT),
    ("fmt/11", "a.png", Verdict.ACCEPT),
    ("fmt/101", "a.xml", Verdict.ACCEPT),
    ("x-fmt/111", "a.txt", Verdict.ACCEPT),
    ("x-fmt/18", "a.csv", Verdict.ACCEPT),
    ("fmt/141", "a.wav", Verdict.ACCEPT),
    ("fmt/279", "a.flac", Verdict.ACCEPT),
    ("fmt/134", "a.mp3", Verdict.ACCEPT),
    ("fmt/199", "a.mp4", Verdict.ACCEPT),
    ("fmt/1777", "a.siard", Verdict.ACCEPT),
    ("fmt/18", "a.pdf", Verdict.MIGRATE),       # PDF 1.4, not PDF/A
    ("fmt/40", "a.doc", Verdict.MIGRATE),
    ("fmt/412", "a.docx", Verdict.MIGRATE),
    ("fmt/61", "a.xls", Verdict.MIGRATE),
    ("fmt/214", "a.xlsx", Verdict.MIGRATE),
    ("fmt/291", "a.odt", Verdict.MIGRATE),
    ("x-fmt/411", "a.exe", Verdict.REFUSE),
    ("fmt/690", "program", Verdict.REFUSE),
    ("fmt/494", "a.docx", Verdict.REFUSE),      # encrypted Office document
    ("fmt/9999", "a.new", Verdict.ASK),         # nobody has heard of it
    (None, "a.dat", Verdict.ASK),
])  # fmt: skip
def test_the_list_says_what_municipal_archives_take(
    puid: str | None, path: str, verdict: Verdict
) -> None:
    assert Policy().verdict(_format(puid), path) is verdict


@pytest.mark.parametrize("path, basis, verdict", [
    ("install.sh", "text match ASCII", Verdict.REFUSE),
    ("INSTALL.SH", "text match ASCII", Verdict.REFUSE),
    ("akt.txt", "text match ASCII", Verdict.ACCEPT),
    ("utan ändelse", "text match ASCII", Verdict.ACCEPT),
    ("karta.sh", CERTAIN, Verdict.ACCEPT),      # the bytes say what it is; its name does not count
])  # fmt: skip
def test_a_name_counts_only_where_the_bytes_do_not_tell(
    path: str, basis: str, verdict: Verdict
) -> None:
    puid = "fmt/43" if basis == CERTAIN else "x-fmt/111"
    assert Policy().verdict(_format(puid, basis), path) is verdict


def test_the_houses_word_goes_before_the_list_and_an_agreements_before_both() -> None:
    pdf, exe = _format("fmt/18"), _format("x-fmt/411")
    house = {"fmt/18": Verdict.REFUSE, "*": Verdict.REFUSE}
    assert Policy({}, house).verdict(pdf, "a.pdf") is Verdict.REFUSE
    assert Policy({"fmt/18": Verdict.ACCEPT}, house).verdict(pdf, "a.pdf") is Verdict.ACCEPT
    assert Policy({}, house).verdict(_format("fmt/9999"), "a.new") is Verdict.REFUSE
    # The house's word for all others is about what the list does not name.
    assert Policy({}, house).verdict(_format("fmt/354"), "a.pdf") is Verdict.ACCEPT
    # An agreement's is about everything that it does not name itself.
    strict = Policy({"*": Verdict.REFUSE, "fmt/354": Verdict.ACCEPT}, {})
    assert strict.verdict(_format("fmt/353"), "a.tif") is Verdict.REFUSE
    assert strict.verdict(_format("fmt/354"), "a.pdf") is Verdict.ACCEPT
    assert strict.verdict(exe, "a.exe") is Verdict.REFUSE


def test_a_file_that_nothing_identifies_has_a_rule_of_its_own() -> None:
    assert Policy({}, {"unknown": Verdict.REFUSE}).verdict(_format(None), "a") is Verdict.REFUSE
    assert Policy({"*": Verdict.ACCEPT}, {}).verdict(_format(None), "a") is Verdict.ASK


@pytest.mark.parametrize("subject", sorted(policy.default_rules()))
def test_every_entry_of_the_list_is_one_that_a_rule_can_be_about(subject: str) -> None:
    assert policy.is_subject(subject)


@pytest.mark.parametrize("subject", ["", "fmt/", "fmt/0", "fmt/01", "pdf", "fmt/1; x", "..", "**"])
def test_what_is_no_format_is_refused_as_one(subject: str) -> None:
    assert not policy.is_subject(subject)


def test_no_format_stands_in_two_groups_of_the_list() -> None:
    named = [name for group in policy.default_groups() for name in group.formats]
    assert len(named) == len(set(named)) > 150
