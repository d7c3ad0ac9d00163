"""Recognise what describes records in one XML file, and let the reader of its kind read it.

Finding aids, Dublin Core, lists of cases. Begin at `records_in`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive import xml
from ingest import dublincore, ead, erms, erms_fgs
from ingest.dublincore import DcRecord
from ingest.findings import Finding

# The first element of what is always a description, wherever in a package it lies.
CASE_LISTS = frozenset({"erms", "Leveransobjekt", "ArkivobjektListaArenden"})


def parsed(path: Path, name: str, findings: list[Finding]) -> Any | None:
    """Return the root of an XML file; None and a finding when it cannot be read."""
    try:
        return xml.parse(path).getroot()
    except xml.XmlRefused as error:
        code, line, problem = "XML-REFUSED", error.line, error.reason
    except xml.XmlMalformed as error:
        code, line, problem = "XML-MALFORMED", error.line, error.reason
    findings.append(Finding(code, f"{name}:{line}", {"problem": problem}))
    return None


def records_in(root: Any, name: str, findings: list[Finding]) -> list[DcRecord] | None:
    """Return the records that the document describes; None when it is no description."""
    if ead.is_finding_aid(root):
        aid = ead.tree_in(root, name)
        findings.extend(aid.findings)
        return list(aid.records)
    if erms.is_erms(root):
        return erms.records_of(root, name, findings)
    if erms_fgs.is_case_list(root):
        return erms_fgs.records_of(root, name, findings)
    if dublincore.is_dublin_core(root):
        return list(dublincore.drafts_of(root, name, findings))
    return None
