"""Dates as archivists write them, read as days."""

from __future__ import annotations

from datetime import date

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from ihp.dates import add_months, add_years, describe, due_on, parse


@pytest.mark.parametrize(
    ("text", "edtf", "low", "high"),
    [
        ("ca 1890-talet", "189X~", "1890-01-01", "1899-12-31"),
        ("före 1850", "../1849", None, "1849-12-31"),
        ("före 12 mars 1850", "../1850-03-11", None, "1850-03-11"),
        ("senast 1850", "../1850", None, "1850-12-31"),
        ("efter 1850", "1851/..", "1851-01-01", None),
        ("1850-", "1850/..", "1850-01-01", None),
        ("1700-talets början", "1700/1733", "1700-01-01", "1733-12-31"),
        ("slutet av 1700-talet", "1766/1799", "1766-01-01", "1799-12-31"),
        ("1800-talet", "18XX", "1800-01-01", "1899-12-31"),
        ("sekelskiftet 1900", "1895/1905", "1895-01-01", "1905-12-31"),
        ("sommaren 1912", "1912-22", "1912-06-01", "1912-08-31"),
        ("vintern 1912", "1912-24", "1912-01-01", "1912-12-31"),
        ("1890–1899", "1890/1899", "1890-01-01", "1899-12-31"),
        ("1890-1899", "1890/1899", "1890-01-01", "1899-12-31"),
        ("1890-99", "1890/1899", "1890-01-01", "1899-12-31"),
        ("1907–11", "1907/1911", "1907-01-01", "1911-12-31"),
        ("1907-11", "1907-11", "1907-11-01", "1907-11-30"),
        ("1912-03", "1912-03", "1912-03-01", "1912-03-31"),
        ("12 mars 1912", "1912-03-12", "1912-03-12", "1912-03-12"),
        ("1912 mars 12", "1912-03-12", "1912-03-12", "1912-03-12"),
        ("12/3 1912", "1912-03-12", "1912-03-12", "1912-03-12"),
        ("mars–maj 1912", "1912-03/1912-05", "1912-03-01", "1912-05-31"),
        ("mellan 1850 och 1860", "1850/1860", "1850-01-01", "1860-12-31"),
        ("ca 1890–1899", "1890~/1899~", "1890-01-01", "1899-12-31"),
        ("[ca 1890]", "1890%", "1890-01-01", "1890-12-31"),
        ("1912?", "1912?", "1912-01-01", "1912-12-31"),
        ("februari 1900", "1900-02", "1900-02-01", "1900-02-28"),
        ("februari 1904", "1904-02", "1904-02-01", "1904-02-29"),
        ("1942/..", "1942/..", "1942-01-01", None),
        ("9999", "9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_date_is_read_with_its_earliest_and_latest_day(text, edtf, low, high):
    span = parse(text)
    assert span.text == text
    assert span.edtf == edtf
    assert span.date_min == (date.fromisoformat(low) if low else None)
    assert span.date_max == (date.fromisoformat(high) if high else None)


@pytest.mark.parametrize("text", ["", "odaterad", "Odaterad.", "u.å.", "utan år", "s.a.", "n.d."])
def test_undated_has_no_days_and_never_today(text):
    span = parse(text)
    assert (span.edtf, span.date_min, span.date_max) == (None, None, None)


@pytest.mark.parametrize(
    "text",
    ["hej", "1912-02-30", "1912/1900", "12/13 1912", "0000", "före", "??", "-", "../..",
     "1893-talet", "före 0001", "efter 9999", "y17000", "-0500", "1912-03-12--1913", "\x00"],
)  # fmt: skip
def test_what_is_no_date_is_refused_in_one_sentence(text):
    with pytest.raises(ValueError, match=r"datumet|ingen dag i kalendern"):
        parse(text)


@given(st.text(max_size=30))
@settings(max_examples=300)
def test_any_text_is_read_or_refused_and_never_crashes(text):
    try:
        span = parse(text)
    except ValueError:
        return
    if span.date_min and span.date_max:
        assert span.date_min <= span.date_max


@pytest.mark.parametrize(
    "text",
    ["1985-04-12", "1985-04", "1985", "1964/2008", "2004-06/2006-08", "2004-02-01/2005-02-08",
     "1984?", "2004-06~", "2004-06-11%", "201X", "20XX", "2004-XX", "1985-04-XX", "1985-XX-XX",
     "2001-21", "2001-22", "2001-23", "1984~/2004-06", "1984/2004-06~", "1985-04-12/1986",
     "1985-04-12T23:20:30"],
)  # fmt: skip
def test_edtf_level_0_and_1_is_read_as_the_reference_library_reads_it(text):
    expected = parse_edtf(text)
    span = parse(text)
    low, high = expected.lower_strict(), expected.upper_strict()
    assert span.date_min == date(low.tm_year, low.tm_mon, low.tm_mday)
    assert span.date_max == date(high.tm_year, high.tm_mon, high.tm_mday)


PHRASES = st.one_of(
    st.integers(100, 202).map(lambda decade: f"{decade}0-talet"),
    st.integers(1000, 2030).map(str),
    st.builds(
        "{} av {}00-talet".format,
        st.sampled_from(["början", "mitten", "slutet"]),
        st.integers(10, 20),
    ),
    st.builds("{} {}".format, st.sampled_from(["före", "efter", "senast", "från", "ca", "sommaren",
              "hösten", "mars", "början av"]), st.integers(1000, 2030)),
    st.dates(date(1000, 1, 1)).map(lambda day: f"{day.day} april {day.year:04d}"
                                   if day.day < 31 else day.isoformat()),
)  # fmt: skip


@given(PHRASES)
@settings(max_examples=300)
def test_the_edtf_of_a_phrase_means_the_same_days_and_is_edtf(phrase):
    span = parse(phrase)
    again = parse(span.edtf)
    assert (again.date_min, again.date_max) == (span.date_min, span.date_max)
    parse_edtf(span.edtf)


@pytest.mark.parametrize(
    ("text", "swedish", "english"),
    [
        ("1912", "1912", "1912"),
        ("1912-03-12", "12 mars 1912", "12 March 1912"),
        ("1912-03", "mars 1912", "March 1912"),
        ("sommaren 1912", "juni–augusti 1912", "June–August 1912"),
        ("1890-talet", "1890–1899", "1890–1899"),
        ("före 1850", "före 1850", "before 1850"),
        ("före 12 mars 1850", "senast 11 mars 1850", "11 March 1850 at the latest"),
        ("efter 1850", "från 1851", "from 1851"),
        ("1912-03-12/1912-03-14", "12–14 mars 1912", "12–14 March 1912"),
        (
            "1912-03-12/1913-01-02",
            "12 mars 1912 – 2 januari 1913",
            "12 March 1912 – 2 January 1913",
        ),
        ("1912-11/1913-02", "november 1912 – februari 1913", "November 1912 – February 1913"),
        ("odaterad", "odaterad", "undated"),
    ],
)  # fmt: skip
def test_days_are_put_into_words(text, swedish, english):
    span = parse(text)
    assert describe(span.date_min, span.date_max) == swedish
    assert describe(span.date_min, span.date_max, "en") == english


@given(st.one_of(st.none(), st.dates()), st.one_of(st.none(), st.dates()))
@settings(max_examples=200)
def test_every_pair_of_days_has_words(one, other):
    low, high = sorted((one, other)) if one and other else (one, other)
    assert describe(low, high)
    assert describe(low, high, "en")


@pytest.mark.parametrize("count", [add_years, add_months, due_on])
def test_a_period_is_never_negative_and_never_beyond_the_calendar(count):
    with pytest.raises(ValueError, match="negative"):
        count(date(2020, 1, 1), -1)
    with pytest.raises(ValueError, match="9999"):
        count(date(9999, 12, 31), 1)


def test_months_count_exactly_and_end_on_the_last_day_of_a_short_month():
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2026, 1, 15), 12) == date(2027, 1, 15)
