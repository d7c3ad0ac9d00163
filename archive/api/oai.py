"""The edition for harvesters: OAI-PMH 2.0, all six verbs, `oai_dc` and `ead3`.

Answers of the protocol are always 200; what is wrong stands in them as an error with its code.
Sets are units and archives. Nothing is told of what was withdrawn. Begin at `oai`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from archive import clock, db, xml
from archive.api import oai_list, oai_records
from archive.api.blueprint import api
from archive.api.oai_list import Asked, OaiError
from archive.edition import queries
from archive.edition.models import PublicRecord
from archive.pages import absolute

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = f"{NAMESPACE} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
_LIST = frozenset({"metadataPrefix", "from", "until", "set"})
# verb -> what it must have, what it may have; a resumption token stands alone.
_ARGUMENTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset()),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), _LIST),
    "ListRecords": (frozenset({"metadataPrefix"}), _LIST),
}
_RESUMED = frozenset({"ListSets", "ListIdentifiers", "ListRecords"})
_DOMAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z][A-Za-z0-9-]*)+")
_WORD = re.compile(r"[A-Za-z0-9\-_.!~*'():]{1,200}")


@api.route("/oai", methods=["GET", "POST"])
def oai() -> ResponseReturnValue:
    """Answer one request of the protocol; a POST only reads, as a GET does."""
    given = request.form if request.method == "POST" else request.args
    root = xml.element(f"{{{NAMESPACE}}}OAI-PMH", {None: NAMESPACE, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", _SCHEMA)
    xml.child(root, "responseDate", oai_list.stamp(clock.now()))
    try:
        arguments = _arguments(given.to_dict(flat=False))
        _say_request(root, arguments)
        with db.edition.reading() as session:
            _VERBS[arguments["verb"]](session, root, arguments)
    except OaiError as error:
        if error.code in {"badVerb", "badArgument"}:
            for node in root.findall(f"{{{NAMESPACE}}}request"):
                root.remove(node)
            xml.child(root, "request", absolute("/oai"))
        xml.child(root, "error", error.message, code=error.code)
    return Response(xml.serialise(root), content_type="text/xml; charset=utf-8")


def _arguments(given: dict[str, list[str]]) -> dict[str, str]:
    verbs = given.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in _ARGUMENTS:
        raise OaiError("badVerb", "the verb is missing, repeated or none of the six")
    repeated = sorted(name for name, values in given.items() if len(values) > 1)
    if repeated:
        raise OaiError("badArgument", "an argument is repeated")
    one = {name: values[0] for name, values in given.items()}
    must, may = _ARGUMENTS[one["verb"]]
    names = one.keys() - {"verb"}
    if "resumptionToken" in names:
        if one["verb"] not in _RESUMED or len(names) > 1:
            raise OaiError("badArgument", "a resumptionToken stands alone, and not with this verb")
    elif names - must - may or must - names:
        raise OaiError(
            "badArgument", f"this verb wants {_listed(must)} and may have {_listed(may)}"
        )
    return one


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _say_request(root: Any, arguments: dict[str, str]) -> None:
    told = {name: xml.writable(value)[:500] for name, value in arguments.items()}
    xml.child(root, "request", absolute("/oai"), **told)


def _identify(session: Session, root: Any, arguments: dict[str, str]) -> None:
    body = xml.child(root, "Identify")
    xml.child(body, "repositoryName", "Linköpings stadsarkiv")
    xml.child(body, "baseURL", absolute("/oai"))
    xml.child(body, "protocolVersion", "2.0")
    xml.child(body, "adminEmail", f"stadsarkiv@{_host()}")
    earliest = queries.earliest_change(session, clock.today()) or clock.now()
    xml.child(body, "earliestDatestamp", oai_list.stamp(earliest))
    # The edition forgets what is withdrawn, for even a header would say that it was there.
    xml.child(body, "deletedRecord", "no")
    xml.child(body, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    oai_records.describe_identifiers(xml.child(body, "description"), _host())


def _formats(session: Session, root: Any, arguments: dict[str, str]) -> None:
    if "identifier" in arguments:
        _record(session, arguments["identifier"])
    body = xml.child(root, "ListMetadataFormats")
    for prefix, form in oai_records.FORMATS.items():
        one = xml.child(body, "metadataFormat")
        xml.child(one, "metadataPrefix", prefix)
        xml.child(one, "schema", form.schema)
        xml.child(one, "metadataNamespace", form.namespace)


def _sets(session: Session, root: Any, arguments: dict[str, str]) -> None:
    if "resumptionToken" in arguments:
        raise OaiError("badResumptionToken", "the list of sets is given whole")
    body = xml.child(root, "ListSets")
    for spec, name in oai_list.sets(session, clock.today()):
        one = xml.child(body, "set")
        xml.child(one, "setSpec", spec)
        xml.child(one, "setName", name)


def _get(session: Session, root: Any, arguments: dict[str, str]) -> None:
    row = _record(session, arguments["identifier"])
    write = _format(arguments["metadataPrefix"]).writer(session, [row])
    body = xml.child(root, "GetRecord")
    _write(session, body, [row], write)


def _list(session: Session, root: Any, arguments: dict[str, str]) -> None:
    verb = arguments["verb"]
    if "resumptionToken" in arguments:
        asked = Asked.from_token(arguments["resumptionToken"], verb, _key())
    else:
        sets = oai_list.sets(session, clock.today()) if "set" in arguments else ()
        asked = Asked.from_arguments(arguments, sets)
    form = _format(asked.prefix)
    rows, is_last = oai_list.page(session, asked, clock.today())
    if not rows and asked.cursor:  # what was left has been withdrawn; an empty list is no answer
        raise OaiError("badResumptionToken", "the list has ended meanwhile")
    if not rows:
        raise OaiError("noRecordsMatch", "nothing in the edition is as asked")
    body = xml.child(root, verb)
    write = form.writer(session, rows) if verb == "ListRecords" else None
    _write(session, body, rows, write)
    if not is_last:
        token = asked.after(rows).token(verb, _key())
        xml.child(body, "resumptionToken", token, cursor=str(asked.cursor))
    elif asked.cursor:
        xml.child(body, "resumptionToken", cursor=str(asked.cursor))


def _write(
    session: Session,
    body: Any,
    rows: Sequence[PublicRecord],
    write: Callable[[PublicRecord], Any] | None,
) -> None:
    fonds = oai_list.standing_fonds(session, rows, clock.today())
    for row in rows:
        record = xml.child(body, "record") if write else body
        header = xml.child(record, "header")
        xml.child(header, "identifier", _identifier(row.pid))
        xml.child(header, "datestamp", oai_list.stamp(row.updated_at))
        for spec in oai_list.sets_of(row, fonds):
            xml.child(header, "setSpec", spec)
        if write:
            xml.child(record, "metadata").append(write(row))


def _record(session: Session, identifier: str) -> PublicRecord:
    prefix = _identifier("")
    pid = identifier.removeprefix(prefix)
    row = None
    if identifier.startswith(prefix) and _WORD.fullmatch(pid):
        row = queries.record(session, pid, clock.today())
    if row is None:
        raise OaiError("idDoesNotExist", "there is no such record in the edition")
    return row


def _format(prefix: str) -> oai_records.Format:
    form = oai_records.FORMATS.get(prefix)
    if form is None:
        raise OaiError("cannotDisseminateFormat", "the formats are oai_dc and ead3")
    return form


def _identifier(pid: str) -> str:
    return f"oai:{_host()}:{pid}"


def _host() -> str:
    """Return the domain that the identifiers bear; a machine without one gets an invented name."""
    host = urlsplit(absolute("/")).hostname or ""
    return host if _DOMAIN.fullmatch(host) else "stadsarkiv.example"


def _key() -> str:
    return str(current_app.secret_key)


_VERBS: dict[str, Callable[[Session, Any, dict[str, str]], None]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _get,
    "ListIdentifiers": _list,
    "ListRecords": _list,
}
