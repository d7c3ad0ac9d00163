"""Play the demo's offers through the real verbs: one waits for the archive, one is being prepared.

The list of the second has one line to mend. The personal number in it is the tax agency's own
example, set back a century. Begin at `play`.
"""

from __future__ import annotations

from archive import clock, db
from archive.accounts import queries as accounts
from ihp.terms import Medium
from ingest.offers import actions, drafting
from ingest.offers.actions import Terms
from ingest.offers.models import OfferState, Way

_LIST = (
    {"volume": "1", "number": "18811218-9876", "name": "", "dates": "1985-1990", "remark": ""},
    {"volume": "1", "number": "18811218-9875", "name": "", "dates": "1988-1992",
     "remark": "lösa blad"},
)  # fmt: skip


def play() -> None:
    """Make the demo's offers."""
    with db.archive.transaction() as session:
        unit_id = accounts.need_unit(session, "HR").id
        custodian, archivist = (
            accounts.viewer_by_email(session, f"{role}@demo.example", clock.today())
            for role in ("unit_custodian", "archivist")
        )
        actions.offer(session, _minutes(unit_id), viewer=custodian)
        contracts = actions.offer(session, _contracts(unit_id), viewer=custodian)
        said = "Avtalen ska bevaras. Skriv förteckningen i personnummerordning."
        actions.appraise(session, contracts, OfferState.ACCEPTED, reason=said, viewer=archivist)
        actions.tick(session, contracts, ["closed", "weeded"], viewer=custodian)
        drafting.choose(session, contracts, "persons", viewer=custodian)
        drafting.save(session, contracts, start=0, grid=_LIST, added=(), viewer=custodian)


def _minutes(unit_id: int) -> Terms:
    return Terms(
        unit_id=unit_id,
        row_code="HR-008",
        title="Protokoll från samverkan, pärmar ur närarkivet",
        date_text="1994-2003",
        extent="8 kartonger, ungefär en hyllmeter",
        medium=Medium.PAPER.value,
        way=Way.PAPER,
        system="Närarkiv, plan 2",
        about="Rummet ska byggas om i vår.",
    )


def _contracts(unit_id: int) -> Terms:
    return Terms(
        unit_id=unit_id,
        row_code="HR-005",
        title="Anställningsavtal på papper",
        date_text="1985-1992",
        extent="3 kartonger",
        medium=Medium.PAPER.value,
        way=Way.PAPER,
        system="Närarkiv, plan 2",
    )
