"""Judge a package by every rule that its profile has, all findings in one run.

Fixity is judged apart from structure, by `checks_files` and `checks_claims`; the profiles' own
requirements stand in `checks_csip` and `checks_fgs`. Begin at `run`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ingest import checks_claims, checks_csip, checks_fgs, checks_files
from ingest.findings import Finding
from ingest.package import Package


def run(
    package: Package, progress: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[Finding]:
    """Yield every finding of the package, in the order of the checks; stops at nothing.

    `progress` is told files read and files in all.
    """
    profile = package.profile or ""
    if profile.startswith("csip"):
        yield from checks_csip.run(package)
    elif profile.startswith("fgs"):
        yield from checks_fgs.run(package)
    yield from checks_files.run(package, progress)
    yield from checks_claims.run(package)
