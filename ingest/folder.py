"""Read a folder with metadata beside its files: Dublin Core, EAD, cases, or a list (CSV, XLSX).

Each file is tied to the record that names it, else to the one with its stem, else to a record
of its own. Begin at `read`.
"""

from __future__ import annotations

import mimetypes
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest import described, dublincore, pages, pagetext, premis, sheet
from ingest.findings import Finding
from ingest.package import DescriptionDraft, FileClaim, FileRole, Package, PackageFile

_TEXT_BESIDE = ".txt"
_NOARK = "{http://www.arkivverket.no/standarder/noark5/arkivstruktur}arkiv"
_JUNK = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def read(root: Path, path: Path | None) -> Package:
    """Return the folder as a Package. `path` is not used: the whole folder is looked at."""
    return _Folder(root).read()


class _Folder:
    """One folder being read: descriptions first, then the files that belong to them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.findings: list[Finding] = []
        self.drafts: dict[str, DescriptionDraft] = {}
        self.owner: dict[str, str] = {}  # file name in the folder -> key of its draft
        self.claims: list[FileClaim] = []
        self.premis = premis.Reader(self.findings)
        self.metadata: set[str] = set()
        self.words: dict[str, pagetext.PageText] = {}  # ALTO and PAGE
        self.names = sorted(
            p.relative_to(root).as_posix()
            for p in root.rglob("*")
            if p.is_file() and p.name not in _JUNK
        )
        self.known = frozenset(self.names)

    def read(self) -> Package:
        for name in self.names:
            if name.lower().endswith(".xml"):
                self._xml(name)
            elif sheet.is_list(name):
                self._list(name)
        if not self.drafts:
            self._whole()
        self._texts()
        self._pages()
        within = pages.arranged(self._files(), list(self.drafts.values()), self.words)
        self.drafts = {draft.key: draft for draft in within.drafts}
        top = next((d for d in self.drafts.values() if d.parent is None), None)
        return Package(
            profile="folder",
            root=self.root,
            object_id=self.root.name,
            label=top.title if top else self.root.name,
            unit=top.unit if top else None,
            files=within.files,
            drafts=tuple(_parents_first(self.drafts, self.findings)),
            claims=(*self.claims, *self.premis.claims()),
            events=self.premis.events(),
            findings=tuple(self.findings),
        )

    def _whole(self) -> None:
        """Describe a folder that describes nothing as one record, and say that it is so."""
        self.findings.append(Finding("FOLDER-NO-METADATA"))
        title = Path(self.names[0]).stem if len(self.names) == 1 else self.root.name
        self.drafts["package"] = DescriptionDraft("package", "file", title, where=title)

    def _xml(self, name: str) -> None:
        root = described.parsed(self.root / name, name, self.findings)
        if root is None:
            return
        if premis.is_premis(root):
            self.metadata.add(name)
            self.premis.add(root, name)
            return
        if pagetext.is_page(root):
            self.words[name] = pagetext.page_of(root)
            return
        if root.tag == _NOARK:
            self._say("FOLDER-NOARK", name)
        found = described.records_in(root, name, self.findings)
        if found is None:
            return
        self.metadata.add(name)
        is_dc = dublincore.is_dublin_core(root)
        for record in found:
            files = record.files or (self._beside(name) if is_dc else [])
            self._add(record.draft, files, name)
            self.claims.extend(record.claims)

    def _list(self, name: str) -> None:
        found = sheet.records_of(self.root / name, name, self.findings)
        if found:
            self.metadata.add(name)
        for record in found:
            self._add(record.draft, record.files, name)

    def _add(self, draft: DescriptionDraft, files: Sequence[str], name: str) -> None:
        if draft.key in self.drafts:
            self._say("FOLDER-KEY", draft.where, key=draft.key)
            return
        self.drafts[draft.key] = draft
        folder = name.rpartition("/")[0]
        for file in files:
            path = self._found(file, folder)
            if path is None:
                self._say("FOLDER-MISSING", draft.where, file=file)
            elif path in self.owner and self.owner[path] != draft.key:
                self._say("FOLDER-TWO-OWNERS", draft.where, file=file)
            else:
                self.owner[path] = draft.key

    def _found(self, file: str, folder: str) -> str | None:
        wanted = unicodedata.normalize("NFC", file.replace("\\", "/").removeprefix("./"))
        for path in (f"{folder}/{wanted}" if folder else wanted, wanted):
            if path in self.known:
                return path
        return None

    def _beside(self, name: str) -> list[str]:
        """Return the files that a metadata file describes by lying beside them."""
        folder, _, base = name.rpartition("/")
        stem = base.removesuffix(".xml").removesuffix(".dc")
        inside = [n for n in self.names if n != name and n.rpartition("/")[0] == folder]
        same = [n for n in inside if n.rsplit("/", 1)[-1].rsplit(".", 1)[0] == stem]
        if stem in {"dc", "metadata", "dublincore"}:
            same = [n for n in inside if not n.lower().endswith(".xml")]
        return [n[len(folder) + 1 :] if folder else n for n in same]

    def _texts(self) -> None:
        """A text file with the stem of a described file is its transcription."""
        owners = {p.rsplit(".", 1)[0]: key for p, key in self.owner.items() if "." in p}
        for name in self.names:
            stem, key = name.removesuffix(_TEXT_BESIDE), None
            if name.endswith(_TEXT_BESIDE) and name not in self.owner:
                key = owners.get(stem)
            if key is None:
                continue
            text = (self.root / name).read_text("utf-8", "replace")
            before = self.drafts[key].text
            joined = f"{before}\n\n{text}" if before else text
            self.drafts[key] = replace(self.drafts[key], text=joined)
            self.metadata.add(name)

    def _pages(self) -> None:
        """The words of a picture belong to its record."""
        pictures = [n for n in self.names if _type_of(n).startswith("image/")]
        for name, page in self.words.items():
            picture = pages.partner_by_name(name, page, pictures)
            if picture in self.owner:
                self.owner.setdefault(name, self.owner[picture])
            elif picture is not None and name in self.owner:
                self.owner[picture] = self.owner[name]

    def _files(self) -> list[PackageFile]:
        files = []
        for name in self.names:
            source = self.root / name
            key = self.owner.get(name)
            if key is None and name not in self.metadata:
                key = self._own_record(name)
            role = FileRole.METADATA if name in self.metadata else FileRole.CONTENT
            files.append(
                PackageFile(
                    path=name,
                    size_bytes=source.stat().st_size,
                    source=source,
                    role=role,
                    media_type=_type_of(name) or None,
                    original_name=name.rsplit("/", 1)[-1],
                    draft=key if role is FileRole.CONTENT else None,
                    where=name,
                )
            )
        return files

    def _own_record(self, name: str) -> str | None:
        """Give a file that nothing describes to the only record there is, or say so."""
        below = {d.parent for d in self.drafts.values()}
        leaves = [key for key in self.drafts if key not in below]
        if len(leaves) == 1:
            return leaves[0]
        self._say("FOLDER-UNDESCRIBED", name, file=name)
        return None

    def _say(self, code: str, where: str, **params: object) -> None:
        self.findings.append(Finding(code, where, params))


def _type_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or ""


def _parents_first(
    drafts: dict[str, DescriptionDraft], findings: list[Finding]
) -> list[DescriptionDraft]:
    """Return the drafts so that each stands after its parent; loops and orphans are found."""
    placed: dict[str, DescriptionDraft] = {}
    waiting = list(drafts.values())
    while waiting:
        ready = [d for d in waiting if d.parent is None or d.parent in placed]
        if not ready:
            for draft in waiting:
                findings.append(Finding("FOLDER-PARENT", draft.where, {"parent": draft.parent}))
            break
        placed |= {d.key: d for d in ready}
        waiting = [d for d in waiting if d.key not in placed]
    return list(placed.values())
