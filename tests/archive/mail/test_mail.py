"""A letter tells that there is news, goes when the change is made, and leaves no trace here."""

from __future__ import annotations

import dataclasses
import email
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.policy import default
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import clock, db
from archive.addresses import mailable
from archive.cases import actions as cases
from archive.cases import queries
from archive.cases.models import Case, Outcome
from archive.config import Config
from archive.errors import Invalid, Unavailable
from archive.jobs import worker
from archive.jobs.models import Job, JobState
from archive.mail import actions, carriers, letters, tasks
from archive.mail.models import Letter, Occasion
from tests import factories, peers

ADDRESS = "stig.qwxbrev@exempel.se"
QUESTION = "Akten om qwxkvarnen och qwxgrannen"


def _ask(app: Flask, address: str = ADDRESS, prefix: str = "", record: str = "") -> str:
    """Ask through the public pages with an address, and return the case's own link."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()

    def on(path: str, **form: str) -> str:
        return client.post(prefix + path, data=form).get_data(as_text=True)

    page = on("/requests/new", question=QUESTION, record=record)
    page = on("/requests/check", so_far=_so_far(page), email=address)
    page = on("/requests/send", so_far=_so_far(page))
    link = re.search(r"/requests/[A-Za-z0-9_-]{40,}", page)
    assert link is not None
    return link[0]


def _so_far(page: str) -> str:
    found = re.search(r'name="so_far"[^>]*value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def _laid(config: Config) -> list[email.message.EmailMessage]:
    folder = config.data_dir / "mail"
    paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]  # type: ignore[misc]


@pytest.fixture
def case(app: Flask, city: Config, tmp_path: Path) -> tuple[str, str]:
    """A secret record asked for by somebody who left an address: (link, the case's pid)."""
    leaves = (factories.minutes(), factories.secret_file())
    factories.take_in(city, factories.package(tmp_path, factories.spec(*leaves)))
    link = _ask(app, record="SE/LSA/T1/F1:1")
    worker.run_until_idle()
    with db.archive.reading() as session:
        return link, session.scalars(select(Case.pid)).one()


def _post(to: str = ADDRESS, language: str = "sv") -> Letter:
    with db.archive.transaction() as session:
        letter = actions.post(
            session, Occasion.RECEIPT, to, case_no="SA-2026-000001", subject="case:x",
            language=language,
        )  # fmt: skip
    assert letter is not None
    return letter


def test_the_requester_is_told_of_receipt_message_and_answer_and_of_nothing_else(
    city: Config, case: tuple[str, str]
) -> None:
    _link, pid = case
    with db.archive.transaction() as session:
        row = queries.by_pid(session, pid)
        cases.write(session, row, "qwxsvar", internal=True, viewer=factories.viewer("archivist"))
        cases.write(session, row, "qwxsvar", internal=False, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    with db.archive.transaction() as session:
        row = queries.by_pid(session, pid)
        officer = factories.viewer("case_officer")
        cases.decide_item(
            session, row, row.items[0], Outcome.RELEASE, reason="qwxskäl", viewer=officer
        )
    worker.run_until_idle()
    with db.archive.transaction() as session:
        cases.close(session, queries.by_pid(session, pid), viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    subjects = [str(letter["Subject"]) for letter in _laid(city)]
    assert [subject.split(" SA-")[0] for subject in subjects] == [
        "Din begäran", "Nytt meddelande i ärende", "Det finns nytt i ärende",
    ]  # fmt: skip


def test_no_letter_says_what_was_asked_what_was_found_or_how_to_open_it(
    city: Config, case: tuple[str, str]
) -> None:
    link, pid = case
    with db.archive.transaction() as session:
        row = queries.by_pid(session, pid)
        cases.write(session, row, "qwxsvar", internal=False, viewer=factories.viewer("archivist"))
        chief = factories.viewer("city_archivist")
        cases.decide_item(
            session, row, row.items[0], Outcome.REFUSE, reason="qwxskäl", clause="26 kap. 1 § OSL",
            viewer=chief,
        )  # fmt: skip
    worker.run_until_idle()
    sent = _laid(city)
    assert len(sent) == 3
    for letter in sent:
        whole = letter.as_string() + letter.get_content()
        token = link.rpartition("/")[2]
        for word in ("qwxkvarnen", "qwxgrannen", "qwxsvar", "qwxskäl", "26 kap", token, "F1:1",
                     factories.SECRET, pid):  # fmt: skip
            assert word not in whole, word
        assert letter["To"] == ADDRESS and letter["Auto-Submitted"] == "auto-generated"


def test_an_english_request_is_answered_in_english(app: Flask, city: Config) -> None:
    _ask(app, prefix="/en")
    worker.run_until_idle()
    (letter,) = _laid(city)
    assert "has reached us" in letter["Subject"] and "Linköping City Archives" in letter["From"]
    assert letter["Content-Language"] == "en"
    assert "/en/requests/new" in letter.get_content()


def test_without_an_address_nobody_is_written_to(app: Flask, city: Config) -> None:
    _ask(app, address="")
    worker.run_until_idle()
    assert _laid(city) == []


def test_the_form_says_what_the_address_is_for_and_takes_one_plain_address_only(
    app: Flask,
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    page = client.post("/requests/new", data={"question": QUESTION}).get_data(as_text=True)
    assert "Används bara för att säga till" in page
    for bad in ("stig", "a@b", "a@exempel.se, c@exempel.se", "a@exempel.se\r\nBcc: b@exempel.se"):
        answer = client.post("/requests/check", data={"so_far": _so_far(page), "email": bad})
        assert answer.status_code == 422 and "namn@exempel.se" in answer.get_data(as_text=True)


@pytest.mark.parametrize("text, address", [
    ("a@exempel.se", "a@exempel.se"),
    (" A.b+c@EXEMPEL.se ", "A.b+c@exempel.se"),
    ("info@åre.se", "info@xn--re-xia.se"),
    ("a@exempel.se\nBcc: b@exempel.se", None),
    ("a@exempel.se\r", None),
    ("a b@exempel.se", None),
    ('"a@b"@exempel.se', None),
    ("<a@exempel.se>", None),
    ("a@localhost", None),
    ("a@[127.0.0.1]", None),
    ("a@@exempel.se", None),
    ("a..b@exempel.se", None),
    ("é@exempel.se", None),
    ("a" * 65 + "@exempel.se", None),
    ("a@" + "b" * 70 + ".se", None),
    ("a@..se", None),
    ("", None),
    (None, None),
])  # fmt: skip
def test_an_address_is_one_plain_address_or_nothing(text: str | None, address: str | None) -> None:
    assert mailable(text) == address


def test_a_header_cannot_be_smuggled_into_a_letter(city: Config) -> None:
    good = {"id": "a" * 32, "occasion": Occasion.RECEIPT, "language": "sv", "subject": "case:x"}
    for changes in (
        {"address": "a@exempel.se\r\nBcc: b@exempel.se", "case_no": "1"},
        {"address": "a@exempel.se, b@exempel.se", "case_no": "1"},
    ):
        with pytest.raises(Exception, match=r"(?i)addr|invalid|header|cr"):
            letters.written(Letter(**good, **changes), city, clock.now()).as_bytes()
    # A line break in the number ends the subject; it cannot begin a header.
    smuggled = Letter(**good, address="a@exempel.se", case_no="1\nBcc: b@exempel.se")
    made = email.message_from_bytes(
        letters.written(smuggled, city, clock.now()).as_bytes(), policy=default
    )
    assert made["Bcc"] is None and made["To"] == "a@exempel.se"
    config = dataclasses.replace(city, mail_url="smtp://x?from=a@b.se%0D%0ABcc:c@d.se")
    with pytest.raises(Exception, match=r"(?i)addr|invalid|header|cr"):
        letters.written(Letter(**good, address="a@b.se", case_no="1"), config, clock.now())


def test_text_mail_is_not_escaped_as_a_web_page_would_be(city: Config) -> None:
    config = dataclasses.replace(city, base_url="https://arkiv.exempel.se/?a=1&b='2'")
    letter = Letter(
        id="a" * 32, address=ADDRESS, occasion="receipt", language="sv", case_no="1", subject="c"
    )
    assert "?a=1&b='2'/requests/new" in letters.written(letter, config, clock.now()).get_content()


def test_a_letter_exists_if_and_only_if_the_change_does(city: Config) -> None:
    with pytest.raises(RuntimeError), db.archive.transaction() as session:
        actions.post(
            session, Occasion.RECEIPT, ADDRESS, case_no="1", subject="case:x", language="sv"
        )
        raise RuntimeError("the change fails")
    worker.run_until_idle()
    assert _laid(city) == []


def test_two_messages_before_the_mail_goes_are_one_letter(city: Config) -> None:
    assert _post().id == _post().id
    worker.run_until_idle()
    assert len(_laid(city)) == 1


def test_after_sending_no_byte_of_the_database_holds_the_address(app: Flask, city: Config) -> None:
    _post("qwxraderad@exempel.se")
    worker.run_until_idle()
    assert len(_laid(city)) == 1
    for path in city.data_dir.rglob("*"):
        if path.is_file() and path.suffix != ".eml":
            assert b"qwxraderad" not in path.read_bytes(), path


def test_the_cases_address_is_erased_a_month_after_the_case(app: Flask, city: Config) -> None:
    link = _ask(app)
    worker.run_until_idle()
    app.test_client().post(f"{link}/withdraw")
    worker.run_until_idle()
    with clock.frozen(clock.now() + timedelta(days=29)):
        _expire()
    assert _addresses() == [ADDRESS]
    with clock.frozen(clock.now() + timedelta(days=31)):
        _expire()
    assert _addresses() == [None]
    for path in city.data_dir.rglob("*"):
        if path.is_file() and path.suffix != ".eml":
            assert ADDRESS.encode() not in path.read_bytes(), path


def _expire() -> None:
    with db.archive.transaction() as session:
        cases.forget_addresses(session)
    db.archive.forget_deleted(Letter)


def _addresses() -> list[str | None]:
    with db.archive.reading() as session:
        return list(session.scalars(select(Case.email)))


@pytest.fixture
def by_smtp(city: Config) -> Iterator[tuple[peers.Peer, Callable[[str], Config]]]:
    """A mail server that listens, and the way to a worker that uses it under an address."""

    def use(url: str) -> Config:
        config = dataclasses.replace(city, mail_url=url)
        tasks.install(config)
        return config

    with peers.listening(peers.MailServer) as peer:
        use(f"smtp://arkiv:l%40sen@127.0.0.1:{peer.port}?from=arkivet@exempel.se")
        yield peer, use


def test_a_mail_server_gets_the_letter_with_log_in_and_sender(
    by_smtp: tuple[peers.Peer, Callable[[str], Config]],
) -> None:
    peer, _ = by_smtp
    _post()
    worker.run_until_idle()
    log_in, letter = peer.heard
    assert log_in.startswith(b"AUTH PLAIN")
    made = email.message_from_bytes(letter, policy=default)
    assert made["To"] == ADDRESS and "arkivet@exempel.se" in made["From"]
    assert made["Message-ID"].endswith("@exempel.se>") and "SA-2026-000001" in made["Subject"]


def test_an_address_that_does_not_exist_is_not_tried_again_and_not_kept(
    by_smtp: tuple[peers.Peer, Callable[[str], Config]], caplog: pytest.LogCaptureFixture
) -> None:
    _post("nobody@exempel.se")
    worker.run_until_idle()
    job = _job()
    assert job.state == JobState.FAILED and job.attempts == 1
    assert "550" in (job.error or "") and "nobody@" not in (job.error or "")
    assert "nobody@" not in caplog.text
    assert _letters() == []


def test_a_server_that_is_down_costs_tries_and_stops_nothing_else(
    by_smtp: tuple[peers.Peer, Callable[[str], Config]],
    login: Callable[[str], FlaskClient],
    caplog: pytest.LogCaptureFixture,
) -> None:
    peer, use = by_smtp
    use("smtp://127.0.0.1:1")
    _post()
    worker.run_until_idle()
    job = _job()
    assert job.state == JobState.QUEUED and job.attempts == 1 and len(_letters()) == 1
    assert ADDRESS not in caplog.text and ADDRESS not in (job.error or "")
    assert "does not answer" in login("admin").get("/desk/jobs").get_data(as_text=True)
    use(f"smtp://127.0.0.1:{peer.port}")
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        worker.run_until_idle()
    assert _job().state == JobState.DONE and _letters() == [] and len(peer.heard) == 1


def test_a_full_letter_box_is_tried_again(
    by_smtp: tuple[peers.Peer, Callable[[str], Config]], caplog: pytest.LogCaptureFixture
) -> None:
    _post("full@exempel.se")
    worker.run_until_idle()
    assert _job().state == JobState.QUEUED and "full@" not in caplog.text


def test_a_letter_that_could_not_be_sent_in_two_weeks_is_erased(city: Config) -> None:
    _post()
    with clock.frozen(clock.now() + timedelta(days=15)), db.archive.transaction() as session:
        assert actions.forget_old(session) == 1
    worker.run_until_idle()
    assert _laid(city) == [] and _job().state == JobState.DONE


def test_a_folder_that_cannot_be_written_is_told_and_tried_again(city: Config) -> None:
    (city.data_dir / "mail").write_text("a file where the folder should be")
    _post()
    worker.run_until_idle()
    assert _job().state == JobState.QUEUED and "could not be written" in (_job().error or "")


def test_a_server_without_tls_is_not_spoken_to_when_tls_was_asked_for(
    by_smtp: tuple[peers.Peer, Callable[[str], Config]], city: Config
) -> None:
    peer, _ = by_smtp
    message = letters.written(_post(), city, clock.now())
    for scheme in ("smtp+starttls", "smtps"):
        with pytest.raises((Unavailable, Invalid)):
            carriers.carry(f"{scheme}://a:b@127.0.0.1:{peer.port}", message, "x")
    assert peer.heard == []


def test_a_mail_address_that_is_none_of_the_kinds_stops_the_start_without_telling_it() -> None:
    with pytest.raises(ValueError, match="MAIL_URL") as told:
        Config.from_env({"STADSARKIV_MAIL_URL": "imap://u:hemligt@x", "STADSARKIV_SECRET_KEY": "x"})
    assert "hemligt" not in str(told.value)


def _job() -> Job:
    with db.archive.reading() as session:
        query = select(Job).where(Job.name == "mail.send").order_by(Job.id.desc())
        return session.scalars(query).first() or pytest.fail("no job")


def _letters() -> list[Letter]:
    with db.archive.reading() as session:
        return list(session.scalars(select(Letter)))


def test_a_laid_letter_is_readable_by_its_owner_only(city: Config) -> None:
    _post()
    worker.run_until_idle()
    (path,) = (city.data_dir / "mail").glob("*.eml")
    assert path.stat().st_mode & 0o077 == 0 and unquote(path.name) == path.name
