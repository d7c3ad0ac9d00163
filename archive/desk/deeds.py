"""What the codes of the log, the queue and the dock are called in plain words.

A code without words shows as itself. Begin at `deed`.
"""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _

DEEDS: dict[str, Any] = {
    "agreement.approve_test": _("godkände en provleverans"),
    "agreement.change": _("ändrade en leveransöverenskommelse"),
    "agreement.draw_up": _("skrev en leveransöverenskommelse"),
    "archive.rebuild": _("byggde upp arkivet ur lagret"),
    "authority.change": _("ändrade ett namn"),
    "authority.make": _("lade till ett namn"),
    "authority.merge": _("slog samman två namn"),
    "authority.part": _("tog bort ett förhållande mellan namn"),
    "authority.relate": _("skrev ett förhållande mellan namn"),
    "authority.unmerge": _("ångrade en sammanslagning"),
    "case.address_erased": _("glömde en e-postadress"),
    "case.close": _("avslutade ett ärende"),
    "case.internal": _("skrev en anteckning i ett ärende"),
    "case.item_not_held": _("svarade att en handling inte finns"),
    "case.item_refuse": _("avslog en begäran om en handling"),
    "case.item_release": _("lämnade ut en handling"),
    "case.message": _("fick ett meddelande i ett ärende"),
    "case.out": _("skrev till den som frågar"),
    "case.receive": _("tog emot ett ärende"),
    "case.take": _("tog sig an ett ärende"),
    "case.withdraw": _("begäran togs tillbaka"),
    "file.read": _("läste ett original"),
    "fixity.damaged": _("fann en skadad fil"),
    "fixity.repaired": _("lagade en skadad fil"),
    "format.migrate": _("lät omvandla filer till ett annat format"),
    "format.rule": _("ändrade en regel om filformat"),
    "gate.destroy": _("prövade en gallring"),
    "gate.dispose": _("prövade en gallring"),
    "gate.ingest": _("prövade en handling mot planen"),
    "gate.publish": _("prövade en publicering"),
    "gate.release": _("prövade ett utlämnande"),
    "gate.show": _("prövade en visning"),
    "hold.lift": _("hävde en spärr"),
    "hold.place": _("spärrade mot gallring"),
    "ingest.accession": _("tog in handlingar i arkivet"),
    "job.retry": _("körde om en körning"),
    "login": _("loggade in"),
    "login.fail": _("misslyckad inloggning"),
    "logout": _("loggade ut"),
    "mail.refused": _("ett mejl togs inte emot"),
    "mail.sent": _("skickade ett mejl"),
    "mark.lift": _("tog bort en sekretessmarkering"),
    "mark.set": _("sekretessmarkerade en handling"),
    "mark.claim": _("sekretessmarkerade en handling, som leveransen uppgav"),
    "offer.accepted": _("tog emot ett erbjudande att förbereda"),
    "offer.arrived": _("erbjudna handlingar kom in i arkivet"),
    "offer.asked": _("frågade mer om ett erbjudande"),
    "offer.declined": _("avböjde ett erbjudande"),
    "offer.list": _("skrev på en förteckning"),
    "offer.message": _("skrev ett meddelande om ett erbjudande"),
    "offer.offered": _("erbjöd arkivet handlingar"),
    "offer.prepare": _("förberedde erbjudna handlingar"),
    "offer.submitted": _("lämnade in erbjudna handlingar"),
    "offer.withdrawn": _("tog tillbaka ett erbjudande"),
    "plan.consultation": _("skickade en plan på samråd"),
    "plan.decide": _("beslutade en plan"),
    "plan.decided": _("en plan blev beslutad"),
    "plan.draft": _("skrev ett utkast till plan"),
    "plan.in_force": _("en plan började gälla"),
    "plan.revoked": _("en plan upphävdes"),
    "plan.superseded": _("en plan ersattes"),
    "record.bulk": _("ändrade många beskrivningar på en gång"),
    "record.create": _("beskrev något nytt"),
    "record.describe": _("ändrade en beskrivning"),
    "record.move": _("flyttade en handling"),
    "record.name": _("kopplade ett namn till en handling"),
    "record.order": _("ändrade ordningen mellan handlingar"),
    "record.place": _("ställde en handling på en plats"),
    "record.undo": _("ångrade en ändring"),
    "record.publish": _("publicerade en handling"),
    "record.unname": _("tog bort ett namn från en handling"),
    "record.update": _("en leverans ändrade en handling"),
    "record.withdraw": _("drog tillbaka en handling"),
    "scan.accepted": _("godkände skanningen"),
    "scan.cancelled": _("avbröt en beställning av skanning"),
    "scan.change": _("ändrade en beställning av skanning"),
    "scan.check": _("skanningen granskades av maskin"),
    "scan.delivered": _("skanningen kom"),
    "scan.done": _("avslutade en beställning av skanning"),
    "scan.files": _("fler bilder kom till en skanning"),
    "scan.ordered": _("beställde skanning"),
    "scan.returned": _("sände tillbaka en skanning"),
    "scan.scanning": _("lät skanningen börja"),
    "scan.untie": _("tog bort en fil från en skanning"),
    "shelf.build": _("lade till en hyllplats"),
    "shelf.change": _("ändrade en hyllplats"),
    "shelf.close": _("tog en hyllplats ur bruk"),
    "shelf.move": _("flyttade en box eller sektion"),
    "store.adopt": _("gav lagret en ny disk"),
    "transfer.accept": _("godtog en leverans"),
    "transfer.accepted": _("en leverans godtogs"),
    "transfer.accessioned": _("en leverans kom in i arkivet"),
    "transfer.assign": _("tilldelade en leverans enhet och rad"),
    "transfer.cancel": _("avbröt en leverans"),
    "transfer.checked": _("en leverans provkördes"),
    "transfer.discard": _("kastade en provkörd leverans"),
    "transfer.discarded": _("en provkörd leverans kastades"),
    "transfer.pause": _("pausade en leverans"),
    "transfer.receipt": _("gjorde kvittot på en leverans"),
    "transfer.receive": _("tog emot en leverans"),
    "transfer.reject": _("avvisade en leverans"),
    "transfer.rejected": _("en leverans avvisades"),
    "transfer.resume": _("lät en leverans fortsätta"),
    "transfer.retry": _("lät ett steg som misslyckats göras om"),
    "transfer.review": _("en leverans väntar på en människa"),
    "transfer.segment": _("en leverans är en del av flera"),
    "transfer.take": _("tog in en provkörd leverans"),
    "transfer.unpacked": _("en leverans packades upp"),
    "unit.add": _("lade till en enhet"),
    "upload.begin": _("började ladda upp en fil"),
    "upload.drop": _("kastade en påbörjad uppladdning"),
    "upload.expire": _("en påbörjad uppladdning rensades"),
    "user.activate": _("öppnade ett konto"),
    "user.add": _("lade till ett konto"),
    "user.close": _("stängde ett konto"),
    "user.grant": _("gav en roll"),
    "user.grant_end": _("avslutade en roll"),
    "user.password": _("bytte lösenord"),
    "watch.refuse": _("tog inte emot något i den bevakade mappen"),
}

JOBS: dict[str, Any] = {
    "cases.expire": _("Rensa svar som har gått ut"),
    "cases.notify": _("Lägga fram ett svar"),
    "cases.release": _("Lägga fram handlingar"),
    "ingest.accession": _("Ta in handlingar"),
    "ingest.arrive": _("Ta emot en uppladdad fil"),
    "ingest.cancel": _("Avbryta en leverans"),
    "ingest.check": _("Pröva en leverans"),
    "ingest.derive": _("Göra kopior för visning"),
    "ingest.migrate": _("Omvandla filer till ett annat format"),
    "ingest.ocr": _("Läsa text med maskin"),
    "ingest.pyramid": _("Göra bilder att zooma i"),
    "ingest.receipt": _("Göra kvittot på en leverans"),
    "ingest.sweep": _("Städa karantänen"),
    "ingest.unpack": _("Packa upp en leverans"),
    "ingest.watch": _("Se efter i den bevakade mappen"),
    "mail.send": _("Skicka mejl"),
    "mail.sweep": _("Rensa gamla mejl"),
    "oversight.enter": _("Låta en plan börja gälla"),
    "oversight.publish_plans": _("Publicera planer"),
    "oversight.redecide": _("Pröva handlingar på nytt"),
    "publish.sound": _("Kontrollera det publicerade"),
    "publish.sweep": _("Städa det publicerade"),
    "fixity.tell": _("Skriva att en kontroll fann något"),
    "scanning.check": _("Granska skannade bilder"),
    "scanning.meet": _("Se efter om beställda bilder har kommit"),
    "storage.fixity": _("Kontrollera bevarade filer"),
    "storage.sweep": _("Städa lagret"),
}

_PROFILES = {"csip": "E-ARK CSIP", "fgs": "FGS", "bagit": "BagIt", "dias": "DIAS", "mets": "METS",
             "ead3": "EAD3", "ead2002": "EAD 2002", "eac": "EAC-CPF", "ead": "EAD"}  # fmt: skip
_KINDS: dict[str, Any] = {
    "agreement": _("överenskommelse"),
    "authority": _("namn"),
    "case": _("ärende"),
    "offer": _("erbjudande"),
    "record": _("handling"),
    "scan": _("skanning"),
    "shelf": _("hyllplats"),
    "transfer": _("leverans"),
    "plan": _("plan"),
    "user": _("konto"),
    "unit": _("enhet"),
    "upload": _("uppladdning"),
    "job": _("körning"),
    "account": _("konto"),
    "fixity": _("kontroll av bevarade filer"),
    "format": _("filformat"),
    "object": _("arkivpaket"),
    "store": _("lagrets disk"),
    "watch": _("bevakad mapp"),
}
_PAGES = {
    "authority": "authorities.show",
    "case": "cases.show",
    "offer": "offers.show",
    "record": "holdings.show",
    "scan": "scanning.show",
    "shelf": "shelves.show",
    "transfer": "ingest.show",
}


def deed(action: str) -> Any:
    """Return what somebody did, as the log knows it, in words."""
    return DEEDS.get(action, action)


def chore(name: str) -> Any:
    """Return what a job does, in words."""
    return JOBS.get(name, name)


def profile(code: str | None) -> str:
    """Return the kind of a package as people say it: "E-ARK CSIP 2.1"."""
    if code == "folder":
        return str(_("Mapp med metadata"))
    kind, _dash, version = (code or "").partition("-")
    return f"{_PROFILES.get(kind, kind)} {version.upper() if version == 'ra' else version}".strip()


def subject_kind(subject: str) -> Any:
    """Return what kind of thing an event is about."""
    kind = subject.partition(":")[0]
    return _KINDS.get(kind, kind)


def subject_url(subject: str) -> str | None:
    """Return the page of what an event is about, where it has one."""
    kind, _colon, pid = subject.partition(":")
    return url_for(_PAGES[kind], pid=pid) if kind in _PAGES else None
