"""Settings, read once from the environment (prefix STADSARKIV_).

Every setting has a type, a default that needs no server, and a line in `docs/operator.md`
(a test compares). Begin at `Config.from_env`.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "STADSARKIV_"
ROOT = Path(__file__).resolve().parent.parent
MAIL = frozenset({"file", "smtp", "smtps", "smtp+starttls"})
CLAMD = frozenset({"tcp", "unix"})


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force. URLs and paths are absolute; nothing here changes at run time."""

    data_dir: Path
    database_url: str
    edition_url: str
    counter_url: str
    storage_url: str
    storage_copy_url: str
    search_url: str
    schema_dir: Path | None
    secret_key: str
    base_url: str
    mail_url: str
    clamd_url: str
    watch_dir: Path | None
    fixity_days: int
    fixity_bytes: int
    fixity_mail: str
    log_format: str
    institution: str
    finding_aid: str
    demo: bool

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Return the configuration that the environment asks for.

        :raises ValueError: if a setting is unknown (a typing error must not pass in silence)
            or has a value outside its set.
        """
        given = _own(os.environ if environ is None else environ)
        data_dir = Path(given.get("data_dir", ROOT / "var")).resolve()
        config = cls(
            data_dir=data_dir,
            database_url=given.get("database_url", f"sqlite:///{data_dir}/archive.db"),
            edition_url=given.get("edition_url", f"sqlite:///{data_dir}/public/edition.db"),
            counter_url=given.get("counter_url", f"sqlite:///{data_dir}/counter/counter.db"),
            storage_url=given.get("storage_url", f"file://{data_dir}/store"),
            storage_copy_url=given.get("storage_copy_url", f"file://{data_dir}/copy"),
            search_url=given.get("search_url", f"whoosh://{data_dir}"),
            schema_dir=Path(given["schema_dir"]) if given.get("schema_dir") else None,
            secret_key=given.get("secret_key") or _kept_secret(data_dir),
            base_url=given.get("base_url", "http://127.0.0.1:8000").rstrip("/"),
            mail_url=given.get("mail_url", f"file://{data_dir}/mail"),
            clamd_url=given.get("clamd_url", ""),
            watch_dir=Path(given["watch_dir"]).resolve() if given.get("watch_dir") else None,
            fixity_days=_number("FIXITY_DAYS", given.get("fixity_days", "90"), least=1),
            fixity_bytes=_size("FIXITY_BYTES", given.get("fixity_bytes", "1TB")),
            fixity_mail=given.get("fixity_mail", ""),
            log_format=given.get("log_format", "text"),
            institution=given.get("institution", "SE/LSA"),
            finding_aid=given.get("finding_aid", "SA:SA-007"),
            demo=given.get("demo", "0") in {"1", "true", "yes"},
        )
        if config.log_format not in {"text", "json"}:
            raise ValueError(f"{PREFIX}LOG_FORMAT is {config.log_format!r}; expected text or json")
        _demand_scheme("MAIL_URL", config.mail_url, MAIL)
        _demand_scheme("CLAMD_URL", config.clamd_url, CLAMD)
        return config

    @property
    def quarantine(self) -> Path:
        """Return the folder where deliveries wait; nothing in it is believed."""
        return self.data_dir / "quarantine"

    @property
    def public_dir(self) -> Path:
        """Return the folder of the edition: its database, index and derivatives."""
        return self.data_dir / "public"

    @property
    def index_dir(self) -> Path:
        """Return the folder in which the staff index lives."""
        return Path(urlsplit(self.search_url).path) / "index"

    @property
    def public_index_dir(self) -> Path:
        """Return the folder in which the edition's index lives."""
        return self.public_dir / "index"


def _own(environ: Mapping[str, str]) -> dict[str, str]:
    known = {field.name for field in fields(Config)}
    own = {k[len(PREFIX) :].lower(): v for k, v in environ.items() if k.startswith(PREFIX)}
    unknown = sorted(name for name in own if name not in known)
    if unknown:
        names = ", ".join(PREFIX + name.upper() for name in unknown)
        raise ValueError(f"unknown setting: {names}; see docs/operator.md for the list")
    return own


def _demand_scheme(name: str, url: str, schemes: frozenset[str]) -> None:
    # The address itself is not repeated: it may hold a password, and this goes to a log.
    if url and urlsplit(url).scheme not in schemes:
        raise ValueError(f"{PREFIX}{name} begins with none of: {', '.join(sorted(schemes))}")


_UNITS = {"": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def _number(name: str, text: str, *, least: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise ValueError(f"{PREFIX}{name} is {text!r}; expected a whole number, {least} or more")
    return int(text)


def _size(name: str, text: str) -> int:
    """Return bytes: "500000", "200GB", "1.5TB"."""
    match = re.fullmatch(r"([0-9]{1,15}(?:\.[0-9]{1,3})?) ?(kB|MB|GB|TB|)", text)
    size = int(float(match[1]) * _UNITS[match[2]]) if match else 0
    if size < 1:
        raise ValueError(f"{PREFIX}{name} is {text!r}; expected a size such as 200GB or 1TB")
    return size


def _kept_secret(data_dir: Path) -> str:
    """Return the installation's own key, made at the first start and readable by its owner only."""
    path = data_dir / "secret.key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()
