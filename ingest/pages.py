"""Tie the words of pages (ALTO, PAGE) to the pictures they were read from, whatever the package.

The record's transcription is put together page by page, a form feed between two, so that its n-th
piece is what stands on the record's n-th file. The files with the words stay files of the record,
after its pages. Begin at `arranged`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from archive import xml
from ingest import pagetext
from ingest.findings import Finding
from ingest.package import DescriptionDraft, FileRole, PackageFile
from ingest.pagetext import PageText

# "0001.alto.xml", "0001_page.xml": what programs add to the name of the picture they read.
_ADDED = re.compile(r"[._-](alto|page|ocr|fulltext|text|gt)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as a structMap has it: the paths of the files that are that page."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arranged:
    """Files in the order of the pages, each with its record; and the records with their words."""

    files: tuple[PackageFile, ...]
    drafts: tuple[DescriptionDraft, ...]


def texts_of(files: Sequence[PackageFile], findings: list[Finding]) -> dict[str, PageText]:
    """Return the words of every content file that is ALTO or PAGE, by its path.

    One that cannot be read is a finding; it stays a file like any other.
    """
    found: dict[str, PageText] = {}
    for file in files:
        if file.role is not FileRole.CONTENT or file.source is None or not _is_page(file):
            continue
        try:
            found[file.path] = pagetext.read(file.source)
        except xml.XmlRefused as error:
            code, line, problem = "XML-REFUSED", error.line, error.reason
        except xml.XmlMalformed as error:
            code, line, problem = "PAGE-TEXT", error.line, error.reason
        if file.path not in found:
            findings.append(Finding(code, f"{file.path}:{line}", {"problem": problem}))
    return found


def _is_page(file: PackageFile) -> bool:
    is_xml = file.source is not None and file.path.lower().endswith(".xml")
    return is_xml and xml.root_name(file.source or Path()) in pagetext.ROOTS


def arranged(
    files: Sequence[PackageFile],
    drafts: Sequence[DescriptionDraft],
    texts: Mapping[str, PageText],
    sheets: Sequence[Sheet] = (),
) -> Arranged:
    """Return files and drafts with the pages in order and the words in their records."""
    if not texts and not sheets:
        return Arranged(tuple(files), tuple(drafts))
    partners = dict(_partners(files, texts, sheets))
    place = {path: n for n, sheet in enumerate(sheets) for path in reversed(sheet.paths)}
    in_order = sorted(files, key=lambda f: place.get(f.path, len(sheets)))
    pages = [file for file in in_order if file.path not in partners]
    owner = {file.path: file.draft for file in pages}
    beside = [
        replace(file, draft=owner.get(partners[file.path]) or file.draft)
        for file in in_order
        if file.path in partners
    ]
    words = _words(pages, texts, partners)
    return Arranged(
        (*pages, *beside),
        tuple(_with_words(draft, words.get(draft.key, [])) for draft in drafts),
    )


def partner_by_name(path: str, text: PageText, pictures: Sequence[str]) -> str | None:
    """Return the picture that a page's words were read from, or None.

    It is named in them or bears their name, and lies beside them or is the only such elsewhere.
    """
    named = PurePosixPath((text.picture or "").replace("\\", "/")).name
    stem = PurePosixPath(path).stem
    wanted = {PurePosixPath(named).stem.lower(), stem.lower(), _ADDED.sub("", stem).lower()} - {""}
    same = [p for p in pictures if PurePosixPath(p).stem.lower() in wanted]
    beside = [p for p in same if PurePosixPath(p).parent == PurePosixPath(path).parent]
    exact = [p for p in same if PurePosixPath(p).name == named]
    for found in (beside, exact, same):
        if len(found) == 1:
            return found[0]
    return None


def _partners(
    files: Sequence[PackageFile], texts: Mapping[str, PageText], sheets: Sequence[Sheet]
) -> Iterator[tuple[str, str]]:
    """Yield (words, page) for each file of words that is not itself the page."""
    content = [f for f in files if f.role is FileRole.CONTENT]
    pictures = [f.path for f in content if f.path not in texts and _is_picture(f)]
    left = dict(texts)
    for sheet in sheets:
        here = [path for path in sheet.paths if path in left]
        shown = [path for path in sheet.paths if path in pictures]
        best = _best(here, texts)
        for path in here:
            page = partner_by_name(path, texts[path], shown) if len(shown) > 1 else None
            page = page or next(iter(shown), None) or best
            if page is not None and page != path:
                yield path, page
            del left[path]
    for path, text in left.items():
        page = partner_by_name(path, text, pictures)
        if page is not None:
            yield path, page


def _is_picture(file: PackageFile) -> bool:
    return (file.media_type or "").startswith("image/")


def _best(paths: Sequence[str], texts: Mapping[str, PageText]) -> str | None:
    """Return whose words count where a page has several: PAGE before ALTO, the later step."""
    ranked = [
        (bool(texts[path].text), texts[path].kind == "page", number, path)
        for number, path in enumerate(paths)
    ]
    return max(ranked)[3] if ranked else None


def _words(
    pages: Sequence[PackageFile], texts: Mapping[str, PageText], partners: Mapping[str, str]
) -> dict[str, list[PageText | None]]:
    """Return for each record the words of each of its files in order, None where one has none."""
    of_page: dict[str, list[str]] = {}
    for path, page in partners.items():
        of_page.setdefault(page, []).append(path)
    found: dict[str, list[PageText | None]] = {}
    for file in pages:
        if file.role is not FileRole.CONTENT or file.draft is None:
            continue
        own = [file.path] if file.path in texts else []
        best = _best([*own, *of_page.get(file.path, [])], texts)
        found.setdefault(file.draft, []).append(texts[best] if best else None)
    return found


def _with_words(draft: DescriptionDraft, pages: Sequence[PageText | None]) -> DescriptionDraft:
    """Return the draft with its transcription; words that somebody wrote by hand go before."""
    body = "\f".join(page.text if page else "" for page in pages).rstrip("\f")
    if draft.text or not body:
        return draft
    return replace(draft, text=body, broken_lines=tuple(_broken(pages)))


def _broken(pages: Sequence[PageText | None]) -> Iterator[int]:
    """Yield the numbers of broken lines in the whole text, where a page ends a line as well."""
    start = 0
    for page in pages:
        if page is not None and page.text:
            yield from (start + number for number in page.broken)
        start += len(page.lines) if page is not None and page.text else 1
