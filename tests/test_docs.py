"""No document says what the code does not do, and no setting, command or profile is left out."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click

from archive import cli, cli_plans, cli_store
from archive.config import Config
from ingest import commands
from ingest.export import commands as export_commands
from ingest.findings import catalogue

ROOT = Path(__file__).resolve().parent.parent
OPERATOR = (ROOT / "docs" / "operator.md").read_text("utf-8")
FORMATS = (ROOT / "docs" / "formats.md").read_text("utf-8")


def test_every_setting_is_documented_and_no_other() -> None:
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATOR, re.MULTILINE))
    assert named == {field.name.upper() for field in fields(Config)}


def test_every_command_is_documented() -> None:
    group = click.Group("x", commands=dict(cli.main.commands))
    for room in (commands, export_commands, cli_plans, cli_store):
        room.register(group)
    for name, command in group.commands.items():
        assert f"`{name}" in OPERATOR, name
        for below in getattr(command, "commands", {}):
            assert f"`{below}`" in OPERATOR, f"{name} {below}"


def test_links_between_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), (path.name, target)


def test_the_two_commands_stand_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make run" in readme and "make test" in readme


def test_every_family_of_findings_is_explained() -> None:
    families = {code.split("-")[0].rstrip("0123456789") for code in catalogue()}
    for family in families:
        assert family in FORMATS, family


def test_every_profile_that_a_reader_names_is_explained() -> None:
    for profile in ("csip-2.0", "csip-2.1", "csip-2.2", "fgs-1.0", "fgs-1.1", "fgs-1.2", "bagit",
                    "folder", "ead3", "ead2002", "ead-ra", "eac-cpf", "eac-cpf-2.0", "dias-mets",
                    "mets"):  # fmt: skip
        assert f"`{profile}`" in FORMATS, profile
