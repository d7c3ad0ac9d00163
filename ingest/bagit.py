"""Read a bag (BagIt 0.93-1.0, RFC 8493): declaration, tags, manifests; then what is inside.

`fetch.txt` is never fetched. Digests are compared by `checks`; here the claims are read and the
bag's own form is judged. Begin at `read`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from archive import xml
from ingest import folder, mets, recognise, segments
from ingest.findings import Finding
from ingest.package import FileRole, Package, PackageFile

VERSIONS = frozenset({"0.93", "0.94", "0.95", "0.96", "0.97", "1.0"})
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9-]+)\.txt")
_ALGORITHMS = {
    "md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128,
}  # fmt: skip
_LINE = re.compile(r"(?P<digest>[0-9A-Fa-f]+)[ \t]+\*?(?P<path>.+)")


@dataclass
class _Bag:
    root: Path
    version: str = ""
    encoding: str = "utf-8"
    tags: dict[str, list[str]] = field(default_factory=dict)
    claimed: dict[str, dict[str, str]] = field(default_factory=dict)
    manifests: dict[str, set[str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def say(self, code: str, where: str = "", **params: object) -> None:
        self.findings.append(Finding(code, where, params))


def read(root: Path, declaration: Path | None) -> Package:
    """Return the bag as a Package; a package inside the payload gives its descriptions too."""
    bag = _Bag(root)
    _declaration(bag, root / "bagit.txt")
    _tags(bag)
    _manifests(bag)
    files = tuple(_files(bag))
    _oxum(bag, files)
    inside = _inside(bag)
    within = {f"data/{f.path}": f for f in inside.files}
    place = {path: number for number, path in enumerate(within)}  # a METS orders its pages
    joined = [_joined(f, within.get(f.path)) for f in files]
    joined.sort(key=lambda f: place.get(f.path, len(place)))
    return Package(
        profile="bagit",
        root=root,
        object_id=_first(bag, "external-identifier")
        or _first(bag, "ocrd-identifier")
        or inside.object_id
        or root.name,
        label=_first(bag, "external-description") or inside.label,
        status=inside.status,
        segment=segments.read(_first(bag, "bag-group-identifier"), _first(bag, "bag-count"))
        or inside.segment,
        updates=inside.updates,
        created=_first(bag, "bagging-date"),
        unit=inside.unit or _first(bag, "x-unit"),
        record_type=inside.record_type or _first(bag, "x-record-type"),
        agents=inside.agents,
        restrictions=inside.restrictions,
        files=(*joined, *_not_here(bag, inside)),
        drafts=inside.drafts,
        claims=inside.claims,
        events=inside.events,
        findings=(*bag.findings, *inside.findings),
    )


def _inside(bag: _Bag) -> Package:
    """Return what the payload says of itself: by a METS of its own, else as a folder."""
    payload = bag.root / "data"
    if not payload.is_dir():
        return Package(profile=None, root=payload)
    found = recognise.mets_in(payload)
    if found is None:
        return folder.read(payload, None)
    try:
        return mets.read(payload, found)
    except xml.XmlRefused as error:
        code, line, problem = "XML-REFUSED", error.line, error.reason
    except xml.XmlMalformed as error:
        code, line, problem = "XML-MALFORMED", error.line, error.reason
    bag.say(code, f"data/{found.name}:{line}", problem=problem)
    return folder.read(payload, None)


def _not_here(bag: _Bag, inside: Package) -> Iterator[PackageFile]:
    """Yield the files that a METS in the payload names and the bag lacks.

    A bag of OCR-D says itself when it holds a part only of what its METS names.
    """
    is_part = (_first(bag, "ocrd-manifestation-depth") or "").lower() == "partial"
    for file in inside.files:
        if file.source is not None:
            continue
        if is_part:
            bag.say("BAG-PARTIAL", file.where, path=file.path)
        elif f"data/{file.path}" not in bag.claimed:
            yield replace(file, path=f"data/{file.path}")


def _joined(file: PackageFile, inner: PackageFile | None) -> PackageFile:
    if inner is None:
        return file
    return replace(
        file,
        role=inner.role,
        draft=inner.draft,
        media_type=inner.media_type,
        original_name=inner.original_name,
        label=inner.label,
        claimed={**inner.claimed, **file.claimed},
        where=inner.where if inner.where == mets.UNLISTED else file.where,
    )


def _declaration(bag: _Bag, path: Path) -> None:
    raw = path.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        bag.say("BAG-DECLARATION", "bagit.txt:1", problem="byte order mark")
    lines = raw.decode("utf-8-sig", "replace").splitlines()
    version = re.fullmatch(r"BagIt-Version: (\d+\.\d+)", lines[0]) if lines else None
    encoding = (
        re.fullmatch(r"Tag-File-Character-Encoding: (\S+)", lines[1]) if len(lines) > 1 else None
    )
    if version is None or encoding is None or len(lines) > 2:
        bag.say("BAG-DECLARATION", "bagit.txt:1", problem=" | ".join(lines)[:100])
    bag.version = version[1] if version else ""
    if version is not None and bag.version not in VERSIONS:
        bag.say("BAG-VERSION", "bagit.txt:1", version=bag.version)
    if encoding is not None:
        try:
            "".encode(encoding[1])
            bag.encoding = encoding[1]
        except LookupError:
            bag.say("BAG-ENCODING", "bagit.txt:2", encoding=encoding[1])


def _tags(bag: _Bag) -> None:
    name = "bag-info.txt" if (bag.root / "bag-info.txt").exists() else "package-info.txt"
    current = ""
    for number, line in _lines(bag, name):
        if line[:1] in {" ", "\t"} and current:
            bag.tags[current][-1] += " " + line.strip()
            continue
        label, colon, value = line.partition(":")
        if not colon:
            if line.strip():
                bag.say("BAG-TAG", f"{name}:{number}", line=line)
            continue
        current = label.strip().lower()
        bag.tags.setdefault(current, []).append(value.strip())
    for tag in ("payload-oxum", "bagging-date", "bag-group-identifier", "bag-count", "bag-size"):
        if len(bag.tags.get(tag, ())) > 1:
            bag.say("BAG-TAG-REPEATED", name, tag=tag)


def _manifests(bag: _Bag) -> None:
    payload_manifests = 0
    for path in sorted(bag.root.iterdir()):
        match = _MANIFEST.fullmatch(path.name)
        if match is None or not path.is_file():
            continue
        payload_manifests += match[1] is None
        algorithm = match[2].replace("-", "").lower()
        if algorithm not in _ALGORITHMS:
            bag.say("BAG-ALGORITHM", path.name, algorithm=match[2])
            continue
        bag.manifests[path.name] = set()
        _manifest(bag, path.name, algorithm, is_tag=match[1] is not None)
    if not payload_manifests:
        bag.say("BAG-NO-MANIFEST")
    if (bag.root / "fetch.txt").exists():
        _fetch(bag)
    if not (bag.root / "data").is_dir():
        bag.say("BAG-NO-DATA")
    _completeness(bag)


def _manifest(bag: _Bag, name: str, algorithm: str, *, is_tag: bool) -> None:
    for number, line in _lines(bag, name):
        if not line.strip():
            continue
        place = f"{name}:{number}"
        match = _LINE.fullmatch(line)
        if match is None or len(match["digest"]) != _ALGORITHMS[algorithm]:
            bag.say("BAG-MANIFEST-LINE", place, line=line)
            continue
        path = _clean(bag, match["path"], place)
        if path is None:
            continue
        if not is_tag and not path.startswith("data/"):
            bag.say("BAG-MANIFEST-OUTSIDE", place, path=path)
            continue
        if path in bag.manifests[name]:
            same = bag.claimed[path].get(algorithm) == match["digest"].lower()
            bag.say("BAG-TWICE" if same else "BAG-TWICE-DIFFERENT", place, path=path)
        bag.manifests[name].add(path)
        bag.claimed.setdefault(path, {})[algorithm] = match["digest"].lower()


def _clean(bag: _Bag, raw: str, place: str) -> str | None:
    path = raw.rstrip("\r\n")
    if bag.version == "1.0":
        path = path.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    elif "%" in path and not (bag.root / path).exists():
        path = unquote(path)
    if path.startswith("./"):
        bag.say("BAG-DOT", place, path=path)
        path = path[2:]
    if (
        path.startswith(("/", "~"))
        or ".." in path.split("/")
        or ("\\" in path and not (bag.root / path).exists())
    ):
        bag.say("BAG-PATH", place, path=path)
        return None
    return path


def _fetch(bag: _Bag) -> None:
    for number, line in _lines(bag, "fetch.txt"):
        parts = line.split(None, 2)
        if not line.strip():
            continue
        place = f"fetch.txt:{number}"
        if len(parts) != 3:
            bag.say("BAG-FETCH-LINE", place, line=line)
            continue
        path = _clean(bag, parts[2], place)
        if path is not None and not (bag.root / path).exists():
            bag.say("BAG-FETCH", place, path=path, url=parts[0])


def _completeness(bag: _Bag) -> None:
    """Every payload file stands in every payload manifest (1.0) or in one of them (before)."""
    names = [name for name in bag.manifests if not name.startswith("tag")]
    listed = set().union(*(bag.manifests[name] for name in names)) if names else set()
    for path in sorted(p for p in bag.root.rglob("*") if p.is_file()):
        name = path.relative_to(bag.root).as_posix()
        if not name.startswith("data/"):
            continue
        if names and name not in listed:
            bag.say("BAG-EXTRA", name, path=name)
        for manifest in names if bag.version == "1.0" else ():
            if name in listed and name not in bag.manifests[manifest]:
                bag.say("BAG-NOT-IN-ALL", manifest, path=name)


def _files(bag: _Bag) -> Iterator[PackageFile]:
    on_disk = {
        path.relative_to(bag.root).as_posix(): path
        for path in sorted(bag.root.rglob("*"))
        if path.is_file()
    }
    for name in sorted(on_disk.keys() | bag.claimed.keys()):
        source = on_disk.get(name)
        role = FileRole.CONTENT if name.startswith("data/") else FileRole.METADATA
        yield PackageFile(
            path=name,
            size_bytes=source.stat().st_size if source else 0,
            source=source,
            role=role,
            claimed=dict(bag.claimed.get(name, {})),
            original_name=name.rsplit("/", 1)[-1],
            where=_where(bag, name),
        )


def _where(bag: _Bag, name: str) -> str:
    return next((m for m, paths in bag.manifests.items() if name in paths), name)


def _oxum(bag: _Bag, files: tuple[PackageFile, ...]) -> None:
    value = _first(bag, "payload-oxum")
    if value is None:
        return
    payload = [f for f in files if f.path.startswith("data/") and f.source is not None]
    found = f"{sum(f.size_bytes for f in payload)}.{len(payload)}"
    if value != found:
        bag.say("BAG-OXUM", "bag-info.txt", claimed=value, found=found)


def _first(bag: _Bag, tag: str) -> str | None:
    values = bag.tags.get(tag)
    return values[0] if values else None


def _lines(bag: _Bag, name: str) -> Iterator[tuple[int, str]]:
    path = bag.root / name
    if not path.is_file():
        return
    try:
        text = path.read_bytes().decode(bag.encoding)
    except UnicodeDecodeError as error:
        bag.say("BAG-ENCODING", name, encoding=f"{bag.encoding}: {error.reason}")
        return
    if text.startswith("\ufeff"):
        bag.say("BAG-BOM", name)
        text = text[1:]
    # splitlines would also break at characters that may stand in a file's name
    yield from enumerate(re.split(r"\r\n|\n|\r", text), 1)
