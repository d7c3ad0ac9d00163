"""The house does not open with a door left ajar: everything that is wrong is told at once."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import db, migrate, starting
from archive.accounts import actions as accounts
from archive.accounts import queries
from archive.audit.actions import SYSTEM
from archive.config import ROOT, Config
from archive.errors import Invalid
from tests.conftest import config_in

GOOD_KEY = "3f9c1b7e0a5d48c2" * 4


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Config]:
    """An archive of one's own, not a demo, with nothing wrong; its databases are open."""
    folder = tmp_path / "data"
    environ = {"STADSARKIV_DATA_DIR": str(folder), "STADSARKIV_SECRET_KEY": GOOD_KEY}
    config = Config.from_env(environ)
    starting.prepare_folder(config)
    db.bind(config)
    migrate.upgrade()
    yield config
    db.unbind()


def _told(config: Config) -> str:
    return "\n".join(map(str, starting.findings(config)))


def test_a_sound_house_opens(own: Config) -> None:
    assert _told(own) == ""
    starting.demand(own)


@pytest.mark.parametrize("changes, words", [
    ({"secret_key": "secret"}, "SECRET_KEY"),
    ({"secret_key": "a" * 64}, "SECRET_KEY"),
    ({"base_url": "http://arkiv.exempel.se"}, "https://"),
    ({"mail_url": "smtp://a:b@post.exempel.se"}, "smtp+starttls"),
])  # fmt: skip
def test_a_setting_that_is_unsafe_stops_the_start_and_says_what_to_do(
    own: Config, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(Invalid, match="not started") as refused:
        starting.demand(dataclasses.replace(own, **changes))
    assert words in str(refused.value)


@pytest.mark.parametrize("changes", [
    {"base_url": "https://arkiv.exempel.se"},
    {"base_url": "http://127.0.0.1:8000"},
    {"base_url": "http://localhost:8000"},
    {"mail_url": "smtp://a:b@127.0.0.1"},
    {"mail_url": "smtp+starttls://a:b@post.exempel.se"},
])  # fmt: skip
def test_a_safe_setting_passes(own: Config, changes: dict[str, str]) -> None:
    starting.demand(dataclasses.replace(own, **changes))


def test_everything_that_is_wrong_is_told_at_once(
    own: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    own.data_dir.chmod(0o755)
    with db.archive.transaction() as session:
        accounts.add_user(session, "admin@demo.example", "A", "demo-linkoping", actor=SYSTEM)
    bad = dataclasses.replace(own, secret_key="dev", base_url="http://arkiv.exempel.se")
    with pytest.raises(Invalid) as refused:
        starting.demand(bad)
    text = str(refused.value)
    for word in ("for 5 reasons", "debug mode", "SECRET_KEY", "BASE_URL", "chmod o-rwx",
                 "admin@demo.example", "user close"):  # fmt: skip
        assert word in text, word
    starting.demand(dataclasses.replace(bad, demo=True))  # told in the log, and opened


def test_a_closed_account_of_the_demo_does_no_harm(own: Config) -> None:
    with db.archive.transaction() as session:
        accounts.add_user(session, "admin@demo.example", "A", "demo-linkoping", actor=SYSTEM)
    assert "admin@demo.example" in _told(own)
    with db.archive.transaction() as session:
        person = queries.need_user(session, "admin@demo.example")
        accounts.set_active(session, person, False, actor=SYSTEM)
    assert _told(own) == ""


def test_a_store_elsewhere_that_everybody_may_read_is_found(own: Config, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir(mode=0o750)
    elsewhere = dataclasses.replace(own, storage_copy_url=f"file://{tmp_path}/disk")
    assert _told(elsewhere) == ""
    (tmp_path / "disk").chmod(0o755)
    assert "STORAGE_COPY_URL" in _told(elsewhere)


def test_a_new_data_folder_is_closed_and_an_old_one_is_left_for_a_person_to_judge(
    tmp_path: Path,
) -> None:
    for name, content, expected in (("new", None, 0), ("empty", None, 0), ("old", "x", 0o005)):
        folder = tmp_path / name
        if name != "new":
            folder.mkdir(mode=0o755)
            folder.chmod(0o755)
        if content:
            (folder / "archive.db").write_text(content)
        starting.prepare_folder(config_in(folder))
        assert folder.stat().st_mode & 0o007 == expected, name


@pytest.mark.parametrize("name, old", [
    ("lxml", "6.0.2"), ("lxml", "5.9"), ("Pillow", "12.2.9"), ("Pillow", "9.4.0.post1"),
])  # fmt: skip
def test_an_old_library_is_found(own: Config, name: str, old: str, tmp_path: Path) -> None:
    """The library's own record of its release is what is read, so an old record is laid there."""
    record = tmp_path / "old" / f"{name}-{old}.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {old}\n")
    sys.path.insert(0, str(record.parent))
    try:
        assert f"{name} is {old}" in _told(own)
    finally:
        sys.path.remove(str(record.parent))


def test_a_database_that_forgets_what_it_was_told_to_keep_is_found(own: Config) -> None:
    with db.counter.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA journal_mode=DELETE")
    db.counter.engine.dispose()
    assert _told(own) == ""  # every new connection sets its pragmas itself
    with db.counter.engine.connect() as kept:
        kept.exec_driver_sql("COMMIT")
        kept.exec_driver_sql("PRAGMA synchronous=OFF")
        kept.exec_driver_sql("PRAGMA foreign_keys=OFF")
    told = _told(own)
    assert "counter database" in told and "synchronous" in told and "foreign_keys" in told


def test_the_demo_listens_on_this_machine_only(own: Config) -> None:
    demo = dataclasses.replace(own, demo=True)
    for host in ("127.0.0.1", "::1", "localhost", "127.0.0.2"):
        starting.demand_loopback(demo, host)
    for host in ("0.0.0.0", "::", "192.168.1.4", "arkiv.exempel.se", ""):
        starting.demand_loopback(own, host)
        with pytest.raises(Invalid, match="known log-ins"):
            starting.demand_loopback(demo, host)


def _run(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("STADSARKIV_")}
    env = own | {"STADSARKIV_DATA_DIR": str(folder)} | settings
    return subprocess.run(
        [sys.executable, "-m", "wsgi", *command],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_commands_refuse_in_plain_words(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert _run(folder, "init").returncode == 0
    bad = {"STADSARKIV_SECRET_KEY": "dev", "STADSARKIV_BASE_URL": "http://arkiv.exempel.se"}
    told = _run(folder, "init", **bad)
    assert told.returncode == 0 and told.stdout.count("before it is served") == 2
    for command in (("serve", "--port", "1"), ("serve", "--public", "--port", "1"), ("worker",)):
        refused = _run(folder, *command, **bad)
        assert refused.returncode == 1 and "for 2 reasons" in refused.stderr, command
        assert "Traceback" not in refused.stderr
    refused = _run(folder, "serve", "--host", "0.0.0.0", STADSARKIV_DEMO="1")
    assert refused.returncode == 1 and "127.0.0.1 only" in refused.stderr


def test_a_password_is_set_and_an_account_closed_from_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert _run(folder, "user", "add", "a@exempel.se", "--role", "admin").returncode == 0
    made = _run(folder, "user", "password", "a@exempel.se")
    assert made.returncode == 0 and made.stdout.startswith("password: ")
    short = _run(folder, "user", "password", "a@exempel.se", "--password", "kort")
    assert short.returncode == 1 and "12" in short.stderr
    assert _run(folder, "user", "close", "a@exempel.se").returncode == 0
    assert _run(folder, "user", "close", "b@exempel.se").returncode == 1
