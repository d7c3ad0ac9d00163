"""Errors in the reader's language: what the house says in English, in Swedish at the desk.

The rooms speak English to the log and the shell. A sentence that the desk can meet stands here
with its Swedish; numbers and names are carried over. Begin at `told`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from archive.errors import ArchiveError
from archive.pages import language

# English, "*" for what differs each time → Swedish with the same places, in order.
SENTENCES: dict[str, Any] = {
    "log in first": _("Logga in först."),
    "your role does not allow this": _("Din roll tillåter inte det här."),
    # cases
    "there is no case *": _("Ärendet %s finns inte."),
    "there is no such item in the case": _("Den handlingen finns inte i ärendet."),
    "a case needs a question or a record that is asked for": _(
        "Skriv en fråga, eller ange en handling."
    ),
    "the message is empty": _("Meddelandet är tomt."),
    "the item is decided, or its case is closed": _(
        "Handlingen är redan avgjord, eller så är ärendet avslutat."
    ),
    "a refusal is decided by somebody with delegation to refuse": _(
        "Ett avslag beslutas av någon som har delegation att avslå."
    ),
    "a refusal states its provision and its reasons (FL 32 §)": _(
        "Ett avslag anger bestämmelse och skäl (32 § förvaltningslagen)."
    ),
    "the case is closed": _("Ärendet är avslutat."),
    "every item must be decided before the case is closed": _(
        "Varje handling ska vara avgjord innan ärendet avslutas."
    ),
    "find the record first: an item without a record cannot be released": _(
        "Handlingen är inte funnen i beståndet och kan därför inte lämnas ut. "
        "Lägg till rätt referenskod först."
    ),
    "secrecy was tested by you: write the reason why it does not hinder": _(
        "Du har prövat sekretessen: skriv skälet till att den inte hindrar."
    ),
    # format migration
    "say why the format is migrated; the reason is kept": _(
        "Skriv varför filerna omvandlas; skälet sparas."
    ),
    "nothing here converts *": _("Inget verktyg här kan omvandla %s."),
    "the house has no wish for another format than *": _(
        "Husets regler önskar inget annat format än %s."
    ),
    "there is nothing left to migrate": _("Det finns inget kvar att omvandla."),
    # holdings
    "there is no record *": _("Handlingen %s finns inte."),
    "the package of this file has been disposed of": _("Filens arkivpaket är gallrat."),
    "these fields cannot be changed by hand: *": _("De här fälten ändras inte för hand: %s"),
    "say why the record belongs under this row; the reason is kept": _(
        "Skriv varför handlingen hör under raden; skälet sparas."
    ),
    "say why the record is withdrawn; the reason is kept": _(
        "Skriv varför handlingen dras tillbaka; skälet sparas."
    ),
    "* is not published": _("%s är inte publicerad."),
    "say why the record is held; the reason is kept": _(
        "Skriv varför handlingen spärras; skälet sparas."
    ),
    "say why the mark is lifted; the reason is kept": _(
        "Skriv varför markeringen hävs. Skälet sparas."
    ),
    "say why the hold is lifted; the reason is kept": _(
        "Skriv varför spärren hävs; skälet sparas."
    ),
    "the hold would end *, before today": _("Spärren skulle sluta %s, före idag."),
    "* is not a secrecy rule; expected an id such as OSL-26-1": _(
        "%s är ingen sekretessregel; en beteckning ser ut som OSL-26-1."
    ),
    "there is no such mark on this record": _("Handlingen har ingen sådan sekretessmarkering."),
    "there is no such hold on this record": _("Handlingen har ingen sådan spärr."),
    # the pen
    "the plan in force has no row *": _("Planen som gäller har ingen rad %s."),
    "no records are chosen": _("Inga poster är valda."),
    "more than * records at once; choose a smaller branch": _(
        "Det är fler än %s poster på en gång. Välj en mindre gren."
    ),
    "choose at least one field to change": _("Välj minst ett fält att ändra."),
    "say why the records are changed; the reason is kept": _(
        "Skriv varför posterna ändras; skälet sparas."
    ),
    "somebody has changed the records since you looked; look again": _(
        "Någon har ändrat posterna sedan du tittade. Titta igen."
    ),
    "the first reference must end in a number, so that the others follow": _(
        "Den första referenskoden måste sluta med en siffra, så att de andra kan följa efter."
    ),
    "write a reference code of at most 200 characters": _(
        "Skriv en referenskod på högst 200 tecken."
    ),
    "the record is not empty any more; its code stays unless it is moved": _(
        "Posten är inte tom längre. Koden ändras då bara när posten flyttas."
    ),
    "the reference * is taken": _("Referenskoden %s är upptagen."),
    "a record of this level cannot lie there: levels go downward": _(
        "En post på den nivån kan inte ligga där: nivåerna går nedåt."
    ),
    "a record needs a row of a plan: its record type": _(
        "Posten behöver en rad i en plan: sin handlingstyp."
    ),
    "a record needs a title": _("Posten behöver en titel."),
    "nothing can lie below a record of the lowest level": _(
        "Inget kan ligga under en post på den lägsta nivån."
    ),
    "* cannot lie below itself": _("%s kan inte ligga under sig själv."),
    "* has the level * and cannot lie there:"
    " levels go downward, fonds, series, volume, file, item": _(
        "%s har nivån %s och kan inte ligga där: nivåerna går nedåt, "
        "arkiv, serie, volym, akt, handling."
    ),
    "say why the record is moved; the reason is kept": _(
        "Skriv varför posten flyttas; skälet sparas."
    ),
    "somebody has moved the records since you looked; look again": _(
        "Någon har flyttat posterna sedan du tittade. Titta igen."
    ),
    "* lies there already": _("%s ligger redan där."),
    "the record does not lie there any more; look again": _(
        "Posten ligger inte där längre. Titta igen."
    ),
    "this kind of change cannot be undone": _("Den här sortens ändring kan inte ångras."),
    "a record of this change is there no more: it was merged into another": _(
        "En av posterna finns inte längre: den är sammanslagen med en annan."
    ),
    "the unit * is there no more": _("Enheten %s finns inte längre."),
    "* was moved again afterwards": _("%s har flyttats igen sedan dess."),
    "the place where the record lay before is there no more": _(
        "Platsen där posten låg förut finns inte längre."
    ),
    "a record without a row of a plan cannot be kept; choose another row": _(
        "En post utan rad i en plan kan inte finnas; välj en annan rad."
    ),
    "the form is not whole; open the page again": _(
        "Formuläret är inte helt. Öppna sidan på nytt."
    ),
    "there is no such change in the history of this record": _(
        "Den ändringen finns inte i postens historik."
    ),
    "there is no such file": _("Filen finns inte."),
    "there is no such copy": _("Kopian finns inte."),
    # authority records
    "there is no such authority record": _("Namnet finns inte."),
    "an agent has no relation to itself": _("Ett namn har inget förhållande till sig självt."),
    "the two have that relation already": _("De två har redan det förhållandet."),
    "there is no such relation": _("Förhållandet finns inte."),
    "choose a role": _("Välj en roll."),
    "the record names it already": _("Handlingen nämner det redan."),
    "the record does not name it": _("Handlingen nämner det inte."),
    "the authority record is merged into another; use that one": _(
        "Namnet är sammanslaget med ett annat. Använd det."
    ),
    "the authority record needs a name": _("Ange ett namn."),
    "there is already one of that kind with that name": _(
        "Det finns redan ett av det slaget med det namnet. Skilj dem åt, till exempel med årtal."
    ),
    "choose two authority records of one sort": _("Välj två olika namn av samma sort."),
    "the merge is undone already": _("Sammanslagningen är redan ångrad."),
    "undo the later merge first": _("Ångra först den senare sammanslagningen."),
    "there is no such merge": _("Sammanslagningen finns inte."),
    # shelves
    "there is no such place on the shelves": _("Platsen finns inte."),
    "there is no place * on the shelves": _("Ingen hyllplats heter %s."),
    "several places are called *; write room / section / box": _(
        "Flera platser heter %s. Skriv rum / sektion / box."
    ),
    "write at least one reference code": _("Skriv minst en referenskod."),
    "something stands there; move it first": _("Något står där. Flytta det först."),
    "choose a section or a box": _("Välj en sektion eller en box."),
    "a section stands in a room, a box in a section": _(
        "En sektion står i ett rum, en box i en sektion."
    ),
    "a place needs a number or name, without a slash": _(
        "En plats ska ha ett nummer eller namn, utan snedstreck."
    ),
    "there is already * there": _("Där finns redan %s."),
    "the barcode * is on another place": _("Streckkoden %s sitter på en annan plats."),
    "the measure is no number of metres": _("Måttet ska vara ett tal i meter, till exempel 0,08."),
    "the list cannot be read: *": _("Listan går inte att läsa: %s"),
    "the list has no column *": _("Listan saknar kolumnen %s."),
    # plans
    "a decision needs its registry number (dnr)": _("Beslutet ska ha ett diarienummer."),
    "a plan cannot enter into force in the past: *": _(
        "En plan kan inte börja gälla i förfluten tid: %s"
    ),
    "version * already holds from * or later": _(
        "Version %s gäller redan från och med %s eller senare."
    ),
    "there is no such version": _("Versionen finns inte."),
    "the file is no JSON: *": _("Filen är inte JSON: %s"),
    "the file has no list of rows": _("Filen har ingen lista med rader."),
    # formats
    "* is neither a PUID such as fmt/354 nor a suffix such as .sh": _(
        "%s är varken en PUID som fmt/354 eller en ändelse som .sh."
    ),
    "say why the format is judged so; the reason is kept": _(
        "Skriv varför formatet bedöms så; skälet sparas."
    ),
    # people
    "the password has * characters; at least * needed": _(
        "Lösenordet har %s tecken; minst %s behövs."
    ),
    "there is no unit *; the units are: *": _("Enheten %s finns inte. Enheterna är: %s"),
    "there is no active user *": _("Det finns ingen aktiv användare %s."),
    "there already is a unit *": _("Enheten %s finns redan."),
    "* is not an e-mail address": _("%s är ingen e-postadress."),
    "there already is a user *": _("Användaren %s finns redan."),
    "the role * is held for a unit; name one": _("Rollen %s gäller en enhet; välj en."),
    "the grant would end *, before it begins *": _("Rollen skulle sluta %s, innan den börjar %s."),
    "there is no failed job with that number": _("Det finns ingen stannad körning med det numret."),
    # accounts
    "the new password is the old one": _("Det nya lösenordet är det gamla."),
    "there is no user *": _("Användaren %s finns inte."),
    # the dock
    "there is no transfer *": _("Leveransen %s finns inte."),
    "transfer * is * and cannot become *": _("Leverans %s är %s och kan inte bli %s."),
    "transfer * is *, not waiting for anybody": _("Leverans %s är %s och väntar inte på någon."),
    "say why; the reason is kept with the delivery": _("Skriv varför; skälet sparas."),
    "unit and record type must be assigned before the delivery is accepted": _(
        "Tilldela enhet och handlingstyp innan leveransen tas in."
    ),
    "the plan in force of * has no row *": _("Planen som gäller för %s har ingen rad %s."),
    "choose at least one delivery": _("Välj minst en leverans."),
    "at most * deliveries are decided at once": _("Högst %s leveranser avgörs på en gång."),
    "at most * records are described at once": _("Högst %s poster beskrivs på en gång."),
    "say what is to be done with the chosen deliveries": _(
        "Ange vad som ska göras med de valda leveranserna."
    ),
    "there is no such suggestion for transfer *": _("Det förslaget finns inte för leverans %s."),
    "there is no offer *": _("Erbjudandet %s finns inte."),
    "say from which years the records are": _("Skriv från vilka år handlingarna är."),
    "no row * of the plan in force holds for these years": _(
        "Raden %s gäller inte för de åren i den plan som gäller."
    ),
    "say whether the archive accepts, asks or declines": _(
        "Ange om arkivet tar emot, frågar eller avböjer."
    ),
    "offer * is not waiting for the archive": _("Erbjudande %s väntar inte på arkivet."),
    "offer * is * and cannot become *": _("Erbjudande %s är %s och kan inte bli %s."),
    "offer * is not being prepared": _("Erbjudande %s förbereds inte."),
    "offer * has no list to write": _("Erbjudande %s har ingen förteckning att skriva."),
    "offer * has no boxes on their way": _("Erbjudande %s har inga kartonger på väg."),
    "say why; the reason is kept with the offer": _("Skriv varför; skälet sparas."),
    "* things of the checklist are not done yet": _("%s saker på checklistan är inte gjorda ännu."),
    "say on which day the boxes come, today or later": _(
        "Ange vilken dag kartongerna kommer, i dag eller senare."
    ),
    "write the list of what is in the boxes first": _(
        "Skriv först förteckningen över det som ligger i kartongerna."
    ),
    "the list of what is in the boxes has errors; mend them first": _(
        "Förteckningen har celler som behöver rättas först."
    ),
    "transfer * is not this unit's delivery": _("Leverans %s är inte enhetens leverans."),
    "transfer * cannot be the answer to this offer": _(
        "Leverans %s är avvisad, eller hör redan till ett erbjudande."
    ),
    "a package is taken in or turned away as a delivery": _(
        "Ett paket tas in eller avvisas som leverans."
    ),
    "there is no list *": _("Förteckningen %s finns inte."),
    "a list has at most * rows; divide the delivery": _(
        "En förteckning har högst %s rader; dela leveransen."
    ),
    "the list has rows already; remove them to choose another list": _(
        "Förteckningen har redan rader; ta bort dem för att välja en annan."
    ),
    "the file is no authority record (EAC-CPF)": _("Filen är ingen auktoritetspost (EAC-CPF)."),
    "the file is neither CSV nor XLSX": _("Filen är varken CSV eller XLSX."),
    "the grid came incomplete; nothing was changed": _(
        "Alla celler kom inte fram; ingenting är ändrat."
    ),
    "the plan's row does not hold for the dates of line *": _(
        "Planens rad gäller inte för åren på rad %s i förteckningen."
    ),
    "* is no series of this unit": _("%s är ingen serie i enhetens arkiv."),
    "* is another unit's archive": _("%s är en annan enhets arkiv."),
    "* is no series' reference; expected *": _(
        "%s är ingen referenskod för en serie; väntade något som %s."
    ),
    "the series is new: write its title": _("Serien är ny: skriv dess titel."),
    "* is taken already": _("%s finns redan."),
    "two lines of the list would get the same reference": _(
        "Två rader i förteckningen skulle få samma referenskod."
    ),
    "the reference * is too long": _("Referenskoden %s är för lång."),
    "* does not hold what was kept there (is its disk mounted?); nothing is written until it"
    " is back, or until `stadsarkiv store adopt *` says that it is a new disk": _(
        "Disken för %s är inte den som arkivet känner. Ingenting skrivs förrän den är tillbaka,"
        " eller kommandot ”stadsarkiv store adopt %s” säger att den är ny."
    ),
    "* is the disk of another store, or of another copy; nothing is written until it"
    " is back, or until `stadsarkiv store adopt *` says that it is a new disk": _(
        "Disken på %s hör till ett annat lager eller en annan kopia. Ingenting skrivs förrän den"
        " rätta är tillbaka, eller kommandot ”stadsarkiv store adopt %s” säger att den är ny."
    ),
    "* is not the disk that was there a moment ago; nothing is written until it"
    " is back, or until `stadsarkiv store adopt *` says that it is a new disk": _(
        "Disken på %s är inte den som nyss fanns där. Ingenting skrivs förrän den är tillbaka,"
        " eller kommandot ”stadsarkiv store adopt %s” säger att den är ny."
    ),
    "the delivery is empty: 0 bytes": _("Leveransen är tom: 0 byte."),
    "the delivery could not be written: *": _("Leveransen kunde inte skrivas: %s"),
    "the delivery changed while it was read": _("Leveransen ändrades medan den lästes."),
    "nothing is being done with transfer *": _("Inget arbete pågår med leverans %s."),
    "a part of the delivery is missing, or has come twice": _(
        "En del av leveransen saknas, eller har kommit två gånger."
    ),
    "what the delivery would change is unknown, destroyed, or to be disposed of": _(
        "Leveransen kan inte tas in: det den vill ändra är okänt eller gallrat, "
        "eller ska prövas som gallring."
    ),
    "transfer * has no receipt yet": _("Leverans %s har inget kvitto ännu."),
    "transfer * is not paused": _("Leverans %s är inte pausad."),
    "no step of transfer * has failed": _("Inget steg för leverans %s har misslyckats."),
    "the store cannot reach or write *: *": _("Lagret kunde inte nå eller skriva %s: %s"),
    "transfer * has come too far to be cancelled": _(
        "Leverans %s har kommit för långt för att avbrytas."
    ),
    "transfer * does not wait after a dry run": _("Leverans %s väntar inte efter en provkörning."),
    "a delivery with errors cannot be taken in; mend it and hand it in again": _(
        "En leverans med fel kan inte tas in. Rätta den och lämna in den på nytt."
    ),
    "there is no upload *": _("Uppladdningen %s finns inte, eller är någon annans."),
    "the upload is not there any more": _("Uppladdningen finns inte längre."),
    "the upload has no name": _("Filen saknar namn."),
    "the upload has * bytes; expected 1 to *": _("Filen har %s byte; 1 till %s tas emot."),
    "the upload has * bytes; go on from there": _("%s byte har kommit fram; fortsätt därifrån."),
    "the piece goes beyond the * bytes that were said": _(
        "Det kom mer än de %s byte som filen har."
    ),
    "the piece could not be written: *": _("Biten kunde inte skrivas: %s"),
    "the piece is not what was sent: its digest differs": _("Biten skadades på vägen."),
    "the same file is being sent from another window": _(
        "Samma fil skickas just nu från ett annat fönster."
    ),
    "the disk has room for * bytes; the file has *": _(
        "Disken har plats för %s byte; filen har %s."
    ),
    "all of the file is here already; it is received as a delivery": _(
        "Hela filen är redan framme och tas emot som leverans."
    ),
    "* is a link or a device; only files and folders are taken in": _(
        "%s är en länk eller enhet; bara filer och mappar tas emot."
    ),
}


def register(sentences: Mapping[str, Any]) -> None:
    """Let a room say its own errors in Swedish."""
    SENTENCES.update(sentences)


def told(error: ArchiveError) -> str:
    """Return what the error says, in the language of the page; as it stands if nobody knew it."""
    decision = getattr(error, "decision", None)
    if decision is not None:
        texts = [r.text_en if language() == "en" else r.text_sv for r in decision.reasons]
        return " ".join(texts) or str(error)
    if language() == "en":
        return str(error)
    return error.sv or in_swedish(str(error)) or str(error)


def in_swedish(sentence: str) -> str | None:
    """Return a sentence of the house in Swedish, or None if it is not known here."""
    return sentence_in(SENTENCES, sentence)


def sentence_in(sentences: Mapping[str, Any], sentence: str) -> str | None:
    """Return a sentence by a table of English to Swedish, "*" to "%s"; None if it is not there."""
    for english, swedish in sentences.items():
        found = re.fullmatch(re.escape(english).replace(r"\*", "(.*)"), sentence, re.DOTALL)
        if found:
            parts = tuple(part.strip("'") for part in found.groups())
            return str(swedish) % parts if parts else str(swedish)
    return None
