"""A small published city for the tests of edition, site and api: forty records with pictures.

Invented by rule, the same each time; the pictures are simple drawings. Begin at `fill`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import Flask, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from PIL import Image, ImageDraw
from werkzeug.exceptions import HTTPException

from archive import clock, db, pages
from archive.api.views import api
from archive.config import ROOT, Config
from archive.db import CounterBase, EditionBase
from archive.edition import actions, indexing, shelf
from archive.edition.models import (
    Collection,
    FileRole,
    PublicFile,
    PublicPlan,
    PublicRecord,
    PublicService,
    new_file_id,
)
from archive.errors import ArchiveError
from archive.site.views import site

ALLOW = {
    "outcome": "allow",
    "reasons": [
        {
            "rule": "SA-003",
            "clause": None,
            "text_sv": "Raden visar handlingen i sin helhet för allmänheten.",
            "text_en": "The row shows the record in full to the public.",
            "until": None,
        }
    ],
    "plan_version": "SA v3",
    "valid_until": None,
}
DENY = {
    "outcome": "deny",
    "reasons": [
        {
            "rule": "SK-007",
            "clause": "OSL 23:2",
            "text_sv": "Uppgifter om elevhälsa kan vara sekretessbelagda i 70 år.",
            "text_en": "Pupil health records may be secret for 70 years.",
            "until": "2041-05-01",
        }
    ],
    "plan_version": "SK v2",
    "valid_until": "2041-05-02",
}
FONDS = (
    ("Magistratens arkiv", "Magistraten i Linköping", 1600),
    ("Drätselkammarens arkiv", "Drätselkammaren", 1863),
    ("Norra folkskolans arkiv", "Norra folkskolan", 1905),
)
THINGS = (
    ("photograph", "Stora torget med marknadsstånd, sett från rådhusets trappa", "Stora torget"),
    ("map", "Karta öfver Linkiöpings stad med dess ägor och tomter", "Innerstaden"),
    ("minutes", "Protokoll fört vid magistratens sammanträde i rådstugan", None),
    ("drawing", "Fasadritning till stenhus i kvarteret Bagaren", "Storgatan"),
    ("ledger", "Räkenskaper för stadens brandkassa", None),
    ("register", "Inskrivningsbok med betyg", "Norra skolan"),
)
SPOTS = {
    "Stora torget": (58.4108, 15.6214),
    "Innerstaden": (58.4095, 15.6260),
    "Storgatan": (58.4113, 15.6170),
    "Norra skolan": (58.4170, 15.6205),
}


def make_config(tmp_path: Path) -> Config:
    """Return settings with every folder below `tmp_path`."""
    return Config.from_env({"STADSARKIV_DATA_DIR": str(tmp_path), "STADSARKIV_SECRET_KEY": "x"})


def open_rooms(config: Config) -> None:
    """Bind edition and counter, with empty tables; the archive stays closed."""
    db.bind(config, public_only=True)
    db.edition.open(config.edition_url)
    EditionBase.metadata.create_all(db.edition.engine)
    CounterBase.metadata.create_all(db.counter.engine)


def make_app(config: Config) -> Flask:
    """Return the public rooms alone, with the house's errors and policy but no desk behind."""
    app = Flask("archive", root_path=str(ROOT / "archive"), template_folder=str(ROOT / "templates"))
    app.config.update(STADSARKIV=config, SECRET_KEY="x", TESTING=True)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    app.jinja_env.autoescape = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    CSRFProtect(app).exempt("archive.api.oai.oai")
    Babel(app, default_locale="sv", locale_selector=pages.language)
    app.register_blueprint(site)
    app.register_blueprint(api)
    pages.install(app)
    app.errorhandler(ArchiveError)(lambda e: _plain(e.status))
    app.errorhandler(HTTPException)(lambda e: _plain(e.code or 500))
    app.after_request(_policy)
    return app


def _plain(status: int) -> ResponseReturnValue:
    return render_template("site/error.html", status=status, kind=str(status), number=None), status


def _policy(response: Response) -> Response:
    policy = "default-src 'self'; object-src 'none'; frame-ancestors 'none'"
    response.headers.setdefault("Content-Security-Policy", policy)
    return response


def record(pid: str, **given: object) -> PublicRecord:
    """Return a record of the edition; only what matters to a test needs to be given."""
    values: dict[str, object] = {
        "pid": pid,
        "reference": f"SE/LSA/{pid}",
        "level": "item",
        "title": f"Handling {pid}",
        "unit_code": "SA",
        "unit_name": "Stadsarkivet",
        "rights": "free",
        "decision": {"show": ALLOW, "publish": ALLOW},
        "contents_open": True,
        "noindex": False,
        "published_on": date(2026, 1, 15),
        "updated_at": clock.now(),
        "ancestors": [],
        "creators": [],
        "places": [],
        "subjects": [],
    }
    return PublicRecord(**{**values, **given})


def picture(record: PublicRecord, tmp_path: Path, *, pages: int = 1) -> PublicRecord:
    """Give a record drawn pages, each with an access copy and a thumb, bytes on the shelf."""
    for number in range(1, pages + 1):
        for role, width in ((FileRole.ACCESS, 900), (FileRole.THUMB, 360)):
            source = tmp_path / f"{record.pid}-{number}-{role}.jpg"
            _draw(record, number, width).save(source, quality=70)
            file_id = new_file_id()
            record.files.append(
                PublicFile(
                    id=file_id,
                    sequence=number,
                    label=f"Sida {number}",
                    role=role,
                    media_type="image/jpeg",
                    size_bytes=source.stat().st_size,
                    path=shelf.place(source, file_id),
                    sha256=f"{number:064x}",
                    width=width,
                    height=width * 3 // 4,
                )
            )
    return record


def fill(tmp_path: Path) -> list[PublicRecord]:
    """Fill the edition with three archives of a dozen records each, and what surrounds them."""
    rows: list[PublicRecord] = []
    for number, (title, creator, year) in enumerate(FONDS):
        rows += _fonds(tmp_path, number, title, creator, year)
    with db.edition.transaction() as session:
        actions.put(session, rows)
        session.add_all(_surroundings(rows))
    indexing.rebuild()
    return rows


def _fonds(tmp_path: Path, number: int, title: str, creator: str, year: int) -> list[PublicRecord]:
    top = record(
        f"fonds{number}",
        level="fonds",
        title=title,
        creators=[creator],
        year_min=year,
        year_max=year + 90,
        scope=f"Arkivet efter {creator}. Protokoll, räkenskaper, ritningar och fotografier.",
        fonds_title=title,
        fonds_pid=f"fonds{number}",
        sort_key=f"{number:04}",
        reference=f"SE/LSA/{number + 1:03}",
    )
    series = record(
        f"series{number}",
        level="series",
        title="A Protokoll och handlingar",
        **_under(top),
        sort_key="A",
        reference=f"{top.reference}/A",
    )
    items = [_item(tmp_path, top, series, number, n, year) for n in range(12)]
    return [top, series, *items]


def _item(
    tmp_path: Path, top: PublicRecord, series: PublicRecord, number: int, n: int, year: int
) -> PublicRecord:
    kind, title, place = THINGS[n % len(THINGS)]
    is_closed = kind == "register"
    lat, lon = SPOTS.get(place or "", (None, None))
    row = record(
        f"item{number}x{n}",
        title=f"{title} {year + n * 7}" + (", " + "en mycket lång rubrik " * 8 if n == 8 else ""),
        kind=kind,
        **_under(top, series),
        sort_key=f"A:{n:04}",
        reference=f"{series.reference}/{n + 1}",
        year_min=year + n * 7,
        year_max=year + n * 7,
        creators=list(top.creators),
        places=[place] if place else [],
        latitude=lat,
        longitude=lon,
        subjects=["stadens styrelse", "torghandel"][: n % 3],
        language="sv",
        extent="2 blad",
        scope="Innehåller förteckning öfver närvarande samt beslut i stadens angelägenheter.",
        text=None if is_closed else "Anno detta åhr höltz sammanträde uti Rådstugan om brobygget.",
        decision={"show": ALLOW, "publish": DENY if is_closed else ALLOW},
        contents_open=not is_closed,
        noindex=is_closed,
        published_on=date(2026, 1, 1 + n),
    )
    return row if is_closed or kind == "ledger" else picture(row, tmp_path, pages=1 + n % 4)


def _under(*line: PublicRecord) -> dict[str, object]:
    return {
        "parent_pid": line[-1].pid,
        "ancestors": [
            {"pid": r.pid, "title": r.title, "level": r.level, "reference": r.reference}
            for r in line
        ],
        "fonds_pid": line[0].pid,
        "fonds_title": line[0].title,
    }


PLAN_ROW = {
    "row_id": "SA-003",
    "process_code": "2.7",
    "process_name": "Arkivera",
    "handlingstyp": "Leveransreversal",
    "disposition": "gallras",
    "retention": {"mode": "after_period", "value": 10, "unit": "year", "trigger": "delivered"},
    "gallring_basis": "EXEMPEL-F 2021:6",
    "secrecy": [],
    "public_view": "metadata",
    "note": "",
}


def _surroundings(rows: list[PublicRecord]) -> list[object]:
    items = [row.pid for row in rows if row.level == "item"]
    return [
        Collection(
            slug="bron",
            title_sv="Bron över ån",
            title_en="The bridge",
            text_sv="Sju gånger har bron rests. Här är ritningarna, protokollen och bilderna.",
            text_en="Seven times the bridge was built.",
            pids=items[:8],
        ),
        Collection(slug="torget", title_sv="Torget", text_sv="Stadens rum.", pids=items[12:20]),
        PublicPlan(
            unit_code="SA",
            unit_name="Stadsarkivet",
            version="SA v3",
            title="Informationshanteringsplan för Stadsarkivet",
            document={"rows": [PLAN_ROW]},
            in_force_from=date(2024, 1, 1),
            decided_on=date(2023, 11, 20),
            dnr="SA 2023-114",
            digest="ab" * 32,
        ),
        PublicService(
            slug="kopior",
            title_sv="Kopior av handlingar",
            title_en="Copies",
            text_sv="Vi skannar eller kopierar det du behöver.",
            audience_sv="Alla",
            how_sv="Skriv till oss.",
            price_sv="1–9 sidor gratis, därefter 50 kr för 10 sidor och 2 kr per sida.",
        ),
    ]


def _draw(row: PublicRecord, number: int, width: int) -> Image.Image:
    """Draw something that looks a little like its kind, on old paper."""
    height = width * 3 // 4
    tone = 200 + (hash_of(row.pid) % 30)
    image = Image.new("RGB", (width, height), (tone, tone - 14, tone - 45))
    pen = ImageDraw.Draw(image)
    for line in range(6, 26):
        y = height * line // 30
        wide = width * (60 + hash_of(f"{row.pid}{number}{line}") % 32) // 100
        if row.kind in {"map", "drawing"}:
            pen.rectangle((width // 8, height // 6, width - wide // 2, y), outline=(90, 60, 40))
        elif row.kind == "photograph":
            box = (line * width // 30, height - y, line * width // 24, height)
            pen.rectangle(box, fill=(tone // line * 2,) * 3)
        else:
            pen.line((width // 10, y, wide, y), fill=(70, 50, 40), width=max(width // 300, 1))
    return image


def hash_of(text: str) -> int:
    """Return a small number made of the text, the same in every run."""
    return sum(ord(c) * (i + 7) for i, c in enumerate(text))
