"""The house as drawn: arrows one way, small files, and calls that only one room may make."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ihp", "archive", "ingest")
CODE = [*sorted(p for top in PACKAGES for p in (ROOT / top).rglob("*.py")), ROOT / "wsgi.py"]

# Higher lines may import lower ones; rooms on one line do not see each other.
LINES: tuple[tuple[str, ...], ...] = (
    ("ihp",),
    ("archive.config", "archive.clock", "archive.errors", "archive.db", "archive.pages",
     "archive.telling", "archive.xml", "archive.addresses", "archive.logs", "archive.ead",
     "archive.outfile", "archive.spreadsheet", "archive.engines",
     "archive.sorting", "archive.syncing"),
    ("archive.search",),
    ("archive.edition", "archive.counter", "archive.images"),
    ("archive.audit", "archive.jobs"),
    ("archive.accounts", "archive.storage", "archive.mail", "archive.history"),
    ("archive.plans",),
    ("archive.enforce",),
    ("archive.holdings",),
    ("archive.cases", "archive.publish", "archive.oversight", "archive.keeping",
     "archive.fixity"),
    ("archive.authorities", "archive.shelves", "archive.describing", "archive.scanning"),
    ("archive.desk", "archive.site", "archive.api", "archive.metrics"),
    ("archive.app", "archive.cli", "archive.running", "archive.warming", "archive.explaining",
     "archive.migrate", "archive.backup", "archive.starting"),
    ("archive.cli_plans", "archive.cli_store"),
    ("ingest",),
    ("wsgi",),
)  # fmt: skip
READING_ROOM = {"archive.site", "archive.api"}
MAY_BE_READ = {"archive.edition", "archive.counter", "archive.search", "archive.images", "ihp"}
# Within one line: a room and those it may see all the same, each with its reason.
TOGETHER = {
    ("archive.api", "archive.site"): "both are the reading room",
    ("archive.site", "archive.api"): "both are the reading room",
    ("archive.cli", "archive.running"): "the command starts the processes",
    ("archive.cli", "archive.explaining"): "the command tells the explanation",
    ("archive.cli", "archive.migrate"): "the command brings the schema",
    ("archive.cli", "archive.backup"): "the command backs up",
    ("archive.cli", "archive.starting"): "the command asks whether the doors may open",
}

# call -> files that may make it, as a pattern on the source
FORBIDDEN: dict[str, tuple[str, ...]] = {
    r"\.extractall\(|\.extract\(": (),
    r"etree\.(parse|fromstring|iterparse|XMLParser)\(": ("archive/xml.py",),
    r"huge_tree=True|recover=True|resolve_entities=True": (),
    r"\bImage\.open\(": ("archive/images/open.py",),
    r"\bMarkup\(": (),
    r"^\s*(import|from) (pickle|marshal|yaml)\b": (),
    r"shell=True|os\.system\(": (),
    r"\bsubprocess\.": ("archive/images/sandbox.py", "archive/running.py", "archive/images/ocr.py",
                        "archive/images/read.py", "archive/images/child.py",
                        "ingest/formats/identify.py"),
    # The way out of the house: the probe of a port and the host's name, the mail server, and the
    # virus scanner. Nothing else calls anybody.
    r"^\s*(import|from) (requests|httpx|socket|smtplib|urllib\.request)\b": (
        "archive/running.py", "archive/jobs/worker.py", "archive/mail/carriers.py",
        "ingest/virus.py"),
    r"datetime\.now\(|date\.today\(|time\.time\(": ("archive/clock.py", "archive/storage/disk.py"),
    r"session\.query\(": (),
    r"debug=True": (),
    r"\bsend_file\(": ("archive/site/files.py", "archive/holdings/views.py"),
}  # fmt: skip
DRAWER_NAMES = {"utils.py", "helpers.py", "base.py", "common.py", "services.py", "util.py"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _room(module: str) -> str | None:
    parts = module.split(".")
    for size in (2, 1):
        room = ".".join(parts[:size])
        if any(room in line for line in LINES):
            return room
    return None


def _module(path: Path) -> str:
    return _name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _line_of(room: str) -> int:
    return next(number for number, line in enumerate(LINES) if room in line)


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_no_arrow_turns_round(path: Path) -> None:
    here = _room(_module(path))
    if here is None:
        return
    for module in _imports(path):
        there = _room(module)
        if there is None or there == here or (here, there) in TOGETHER:
            continue
        if here != "ihp" and there in LINES[1] and here in LINES[1]:
            continue
        assert _line_of(there) < _line_of(here), f"{here} must not see {there}"
        if here in READING_ROOM:
            assert there in MAY_BE_READ or there in LINES[1], f"{here} must not see {there}"
        if here == "ihp":
            raise AssertionError("ihp imports the standard library only")


def test_no_two_modules_import_each_other() -> None:
    modules = {_module(path): set(_imports(path)) for path in CODE if path.name != "__init__.py"}
    found = {
        tuple(sorted((here, there)))
        for here, seen in modules.items()
        for there in seen & modules.keys()
        if here in modules[there] and here != there
    }
    assert found <= {("ihp.plan", "ihp.security")}  # the names of types only


def test_the_law_imports_the_standard_library_only() -> None:
    allowed = {"ihp", "__future__", "ast", "calendar", "collections", "dataclasses", "datetime",
               "enum", "functools", "hashlib", "importlib", "json", "re", "types", "typing",
               "itertools", "operator", "unicodedata"}  # fmt: skip
    for path in (ROOT / "ihp").glob("*.py"):
        tops = {module.split(".")[0] for module in _imports(path)}
        assert tops <= allowed, (path.name, tops - allowed)


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_a_dangerous_call_is_made_in_its_one_place_only(pattern: str) -> None:
    found = [
        _name(path)
        for path in CODE
        if re.search(pattern, path.read_text("utf-8"), re.MULTILINE)
        and not _name(path).startswith("ingest/demo/draw")
    ]
    assert set(found) <= set(FORBIDDEN[pattern]), pattern


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_files_and_functions_can_be_read_at_one_sitting(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400, "a file of more than 400 lines"
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or not text.strip(), "a module says what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or 0) - node.lineno + 1
            assert size <= 40, f"{node.name} has {size} lines"


def test_no_room_has_a_drawer() -> None:
    assert not [_name(path) for path in CODE if path.name in DRAWER_NAMES]


def test_templates_escape_everything() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert "|safe" not in text and "| safe" not in text, path
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        markup = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)
        assert not re.search(r"\sstyle=|\son[a-z]+=", markup), path
