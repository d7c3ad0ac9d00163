"""What is held against an order: coarse, missing, twice, blank, askew, and what nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from archive.scanning.judge import Finding, Scan, Wanted, gaps_in, judge, weight

A4 = Wanted(300, "colour", "A4")


def _figures(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "width": 2480, "height": 3508, "mode": "RGB", "dpi": [300.0, 300.0], "ink": 0.1,
        "dark": 20.0, "middle": 230.0, "light": 240.0, "edges": [0, 0, 0, 0], "skew": 0.1,
        "look": "00",
    }  # fmt: skip
    return values | changes


def _found(wanted: Wanted = A4, **changes: Any) -> list[Finding]:
    each, _ = judge(wanted, [Scan("0001.tif", "a", _figures(**changes))])
    return each[0]


def _codes(wanted: Wanted = A4, **changes: Any) -> list[str]:
    return [finding["code"] for finding in _found(wanted, **changes)]


def test_a_good_scan_has_no_findings() -> None:
    assert _codes() == []
    assert _codes(dpi=[299.9994, 299.9994]) == []  # what 300 becomes in a PNG
    assert _codes(Wanted(300, "bitonal"), mode="RGB") == []


@pytest.mark.parametrize(
    "wanted, changes, code",
    [
        (A4, {"dpi": [300.0, 200.0]}, "DPI-LOW"),
        (A4, {"width": 1240, "height": 1754}, "DPI-PAPER"),  # says 300, holds 150
        (A4, {"dpi": None}, "DPI-UNSTATED"),
        (Wanted(300, "colour"), {"dpi": None}, "DPI-UNKNOWN"),
        (A4, {"mode": "L"}, "COLOUR"),
        (Wanted(300, "grey"), {"mode": "1"}, "COLOUR"),
        (A4, {"ink": 0.0, "skew": None}, "BLANK"),
        (A4, {"light": 80.0}, "DARK"),
        (A4, {"dark": 200.0}, "FAINT"),
        (A4, {"edges": [0.2, 0, 0, 0]}, "CUT"),
        (A4, {"skew": -1.0}, "SKEW"),
    ],
)
def test_each_fault_is_found_by_itself(wanted: Wanted, changes: dict[str, Any], code: str) -> None:
    assert _codes(wanted, **changes) == [code]


def test_a_one_bit_page_is_judged_for_lines_and_not_for_tone() -> None:
    assert _codes(Wanted(300, "bitonal", "A4"), mode="1", dark=255.0, light=0.0) == []


def test_much_lean_is_worse_than_a_little_and_both_are_told_without_a_sign() -> None:
    little, much = _found(skew=-1.04), _found(skew=3.0)
    assert little[0]["degrees"] == 1.0 and much[0]["degrees"] == 3.0
    assert weight(much) > weight(little) > weight(_found())


def test_a_file_that_cannot_be_opened_or_is_no_picture_is_told_as_that() -> None:
    scans = [Scan("1.tif", "a", {"problem": "x"}), Scan("2.pdf", "b", {"not_picture": "y"})]
    each, _ = judge(A4, scans)
    assert [[f["code"] for f in one] for one in each] == [["UNREADABLE"], ["NOT-PICTURE"]]


def test_no_scans_at_all_is_a_finding_and_not_an_acceptance() -> None:
    each, together = judge(A4, [])
    assert each == [] and [f["code"] for f in together] == ["NOTHING"]


@pytest.mark.parametrize("wanted, severity", [(4, "bad"), (2, "warn")])
def test_fewer_pages_than_ordered_is_worse_than_more(wanted: int, severity: str) -> None:
    scans = [Scan(f"000{n}.tif", str(n), _figures()) for n in (1, 2, 3)]
    _, together = judge(Wanted(300, "colour", "A4", wanted), scans)
    assert [(f["code"], f["severity"], f["found"]) for f in together] == [("COUNT", severity, 3)]


def test_without_a_number_of_pages_it_is_said_that_the_end_may_be_missing() -> None:
    scans = [Scan(f"000{n}.tif", str(n), _figures()) for n in (1, 2, 3)]
    assert [f["code"] for f in judge(A4, scans)[1]] == ["COUNT-UNKNOWN"]


@pytest.mark.parametrize(
    "names, missing",
    [
        (["0001.tif", "0002.tif", "0004.tif"], ["0003"]),
        (["0002.tif", "0003.tif", "0004.tif"], ["0001"]),
        (["A1_009.jpg", "A1_010.jpg", "A1_012.jpg"], ["A1_011"]),
        (["0001r.tif", "0001v.tif", "0002r.tif", "0003r.tif"], []),
        (["1634.tif", "1720.tif", "1801.tif"], []),  # years, no pages
        (["omslag.tif", "rygg.tif"], []),
        (["0001.tif", "0003.tif"], []),  # two names are no row
    ],
)
def test_a_gap_in_names_that_count_is_a_missing_page(names: list[str], missing: list[str]) -> None:
    assert gaps_in(names) == missing


def test_the_same_bytes_twice_are_told_of_the_second_with_the_name_of_the_first() -> None:
    scans = [Scan("1.tif", "a", _figures()), Scan("2.tif", "b", _figures()),
             Scan("3.tif", "a", _figures())]  # fmt: skip
    each, _ = judge(A4, scans)
    assert each[:2] == [[], []]
    assert [(f["code"], f["other"]) for f in each[2]] == [("SAME", "1.tif")]


def test_nearly_the_same_is_told_but_blank_pages_are_not_compared() -> None:
    look, other = "f0f0f0f0f0f0f0f0", "0f0f0f0f0f0f0f0f"
    near = "f0f0f0f0f0f0f0f1"

    def scan(name: str, look: str, **changes: Any) -> Scan:
        return Scan(name, name, _figures(look=look, **changes))

    each, _ = judge(A4, [scan("1", look), scan("2", other), scan("3", near)])
    assert [[f["code"] for f in one] for one in each] == [[], [], ["ALIKE"]]
    blank, _ = judge(A4, [scan("1", look, ink=0.0), scan("2", look, ink=0.0)])
    assert [[f["code"] for f in one] for one in blank] == [["BLANK"], ["BLANK"]]
