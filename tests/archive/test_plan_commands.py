"""`stadsarkiv ihp diff` and `export`: what changes between two plans, in words."""

from __future__ import annotations

import json
from pathlib import Path

from archive.config import Config
from tests.command_line import Command
from tests.command_line import command as command

ROW = {
    "row_id": "X-1", "handlingstyp": "Brev", "disposition": "gallras",
    "retention": {"mode": "after_period", "value": 10, "unit": "year", "trigger": "case_closed",
                  "rounding": "end_of_calendar_year"},
    "gallring_basis": "LiSA-F 2021:6", "public_view": "full",
}  # fmt: skip


def _file(folder: Path, name: str, *rows: dict[str, object]) -> Path:
    path = folder / name
    path.write_text(json.dumps({"rows": list(rows)}), "utf-8")
    return path


def test_each_change_of_a_row_is_told_in_plain_words(
    city: Config, command: Command, tmp_path: Path
) -> None:
    longer = ROW | {"retention": ROW["retention"] | {"value": 7}, "public_view": "none"}  # type: ignore[operator]
    old = _file(tmp_path, "gammal.json", ROW, ROW | {"row_id": "X-2"}, ROW | {"row_id": "X-4"})
    new = _file(
        tmp_path, "ny.json", longer, ROW | {"row_id": "X-3"}, ROW | {"row_id": "X-4", "note": "ny"}
    )
    answer = command("ihp", "diff", old, new)
    assert answer.code == 0
    lines = [line.strip() for line in answer.out.splitlines()]
    assert "X-1  both tighter and looser" in lines
    was, becomes = "10 years after: the case was closed", "7 years after: the case was closed"
    assert f"retention: {was} → {becomes}" in lines and "public view: full → none" in lines
    assert "X-2  row removed" in lines and "X-3  new row" in lines and "X-4  reworded" in lines
    form = json.loads(command("ihp", "diff", old, new, "--json").out)
    first = form["rows"][0]
    assert (first["code"], first["change"]) == ("X-1", "mixed")
    assert "publik visning: full → none" in first["sv"]


def test_versions_are_compared_by_number_and_to_the_plan_in_force_when_none_is_named(
    city: Config, command: Command, tmp_path: Path
) -> None:
    exported = tmp_path / "plan.json"
    assert command("ihp", "export", "--unit", "HA", "-o", exported).code == 0
    form = json.loads(exported.read_text("utf-8"))
    form["rows"][0]["note"] = "omformulerad"
    exported.write_text(json.dumps(form), "utf-8")
    assert command("ihp", "diff", "--unit", "HA").code == 1  # nothing to come yet
    assert command("ihp", "import", exported, "--unit", "HA").code == 0
    for versions in ((), ("1", "2"), ("2",), ("1", exported)):
        answer = command("ihp", "diff", "--unit", "HA", *versions)
        assert answer.code == 0 and "rows changed: 1" in answer.out, versions
    assert command("ihp", "diff", "--unit", "HA", "1", "9").code == 1
    assert command("ihp", "diff", "1", "2").code == 2
    assert command("ihp", "diff", "--unit", "HA", "1", "saknas.json").code == 2


def test_a_plan_is_exported_by_version_and_never_over_another_file(
    city: Config, command: Command, tmp_path: Path
) -> None:
    target = tmp_path / "plan.json"
    assert command("ihp", "export", "--unit", "HA", "--version", "1", "-o", target).code == 0
    assert json.loads(target.read_text("utf-8"))["number"] == 1
    again = command("ihp", "export", "--unit", "HA", "-o", target)
    assert again.code == 1 and "--force" in again.err
    assert command("ihp", "export", "--unit", "HA", "-o", target, "--force").code == 0
    assert command("ihp", "export", "--unit", "HA", "--version", "9").code == 1
    assert json.loads(command("ihp", "export", "--unit", "HA").out)["unit"] == "HA"
