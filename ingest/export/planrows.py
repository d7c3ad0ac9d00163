"""Write down the rows of the plans under which a branch stands, and the packages kept in it.

Begin at `document`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from archive.holdings.models import Aip, Description
from archive.plans import queries as plans
from ihp import exchange
from ihp.plan import Plan

SCHEMA = "stadsarkiv-plan-rows/1"


def document(
    session: Session,
    records: Sequence[Description],
    aips: Sequence[Aip],
    *,
    whole: Collection[int],
    day: date,
) -> bytes:
    """Return as JSON the rows in force on the day for the records, and what each package says.

    `whole` are the ids of the packages that go with all their files.
    """
    codes: dict[int, set[str]] = {}
    for record in records:
        if record.rule_code:
            codes.setdefault(record.plan_unit_id, set()).add(record.rule_code)
    in_force = [plans.in_force(session, unit_id, day) for unit_id in sorted(codes)]
    form = {
        "schema": SCHEMA,
        "day": day.isoformat(),
        "plans": [
            _plan(found.plan, codes[unit_id])
            for unit_id, found in zip(sorted(codes), in_force, strict=True)
            if found is not None
        ],
        "packages": [_package(aip, is_whole=aip.id in whole) for aip in aips],
    }
    return json.dumps(form, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _plan(plan: Plan, codes: Collection[str]) -> dict[str, Any]:
    return {
        "version": plan.version,
        "title": plan.title,
        "authority": plan.authority,
        "in_force_from": plan.in_force_from.isoformat() if plan.in_force_from else None,
        "digest": exchange.digest(plan),
        "rows": [exchange.row_document(rule) for rule in plan.rules if rule.code in codes],
    }


def _package(aip: Aip, *, is_whole: bool) -> dict[str, Any]:
    return {
        "object_id": aip.object_id,
        "version": aip.version,
        "rule": aip.rule_code,
        "plan_version": aip.plan_version,
        "inventory_digest": aip.inventory_digest,
        "stored_at": aip.stored_at.isoformat(),
        "transfer": aip.transfer_pid,
        "whole": is_whole,
    }
