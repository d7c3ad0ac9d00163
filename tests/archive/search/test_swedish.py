"""Swedish words find each other: bent, old, compound, and typed without dots."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.search import Query, SearchDoc, SearchIndex, stems, wordlist
from archive.search.compounds import parts
from archive.search.spelling import modern
from archive.search.stems import key, lemma
from archive.search.tokens import plain

# Each word of a row must find every other word of the row.
MEET = """
skola skolan skolor skolorna skolans
protokoll protokollet protokollen protokollets
karta kartan kartor kartorna
bok boken böcker böckerna bokens böckernas
stad staden städer städerna stadens städernas
man mannen män männen
hand handen händer händerna
hus huset husen husets
arkiv arkivet arkiven arkivens
gata gatan gator gatorna
kyrka kyrkan kyrkor kyrkorna
kyrkbok kyrkboken kyrkböcker kyrkböckerna
ämbetsman ämbetsmän ämbetsmannen
borgmästare borgmästaren borgmästarna
nämnd nämnden nämnder nämndens
ritning ritningar ritningen ritningarna
räkenskap räkenskaper räkenskaperna
socken socknen socknar socknarna
regel regler regeln reglerna
rum rummet rummen
nyckel nycklar nyckeln
museum museet museer museerna
arbete arbetet arbeten arbetena
pojke pojken pojkar pojkarna
bro bron broar broarna
barn barnet barnen
fotografi fotografiet fotografier
fotograf fotografen fotografer
ordförande ordföranden
kungsgata Kungsgatan Kungsgatans
ledamot ledamöter ledamoten
Stångebro Stångebron
vad hvad
var hvar
av af
över öfver
given gifven
givit gifvit
själv själf sjelf
brev bref brefvet brevet
liv lif lifvet
tolv tolf
elva elfva
hovrätt hofrätt hofrätten
hovmarskalk hofmarskalk hofmarskalken
avgift afgift afgifter
avdelning afdelning
kvarn qvarn quarn qvarnen
kvinna qvinna qvinnor
Visby Wisby
godt gott
händt hänt
lantmätare landtmätare
lantbruk landtbruk
där der
älg elg elgar
järn jern
järnväg jernväg jernvägen
värld verld verlden
ämbete embete embetet
tjänst tjenst tienst
hjälp hjelp
änka enka enkan
ägare egare egaren
hälsovård helsovård
hälsovårdsnämnd helsovårdsnämnd
väster vester
Västergötland Vestergötland Vestergöthland
Östergötland Östergöthland
det thet
teater theater
Linköping Linkiöping Lincöping Linkiöpings Linköpings
Norrköping Norrkiöping
konung kung konungen
Karl Carl
Gustav Gustaf
Kristina Christina
Erik Eric
Fredrik Fredric
Lindkvist Lindqvist Lindquist
Karlsson Carlsson
Gustafsson Gustavsson
släkt slägt slägten
kapten capten
oktober october
""".strip().splitlines()

PAIRS = [(a, b) for row in MEET for a in row.split() for b in row.split() if a != b]
APART = [
    ("får", "far"), ("väl", "val"), ("mån", "man"), ("öl", "ol"), ("häst", "hast"),
    ("låda", "lada"), ("bok", "bock"), ("hall", "häll"), ("råd", "rad"), ("kör", "kor"),
]  # fmt: skip


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    index = SearchIndex(tmp_path_factory.mktemp("words") / "index")
    every = {word for row in MEET for word in row.split()} | {w for pair in APART for w in pair}
    index.write(SearchDoc(id=word, title=f"Ett ord: {word}.") for word in sorted(every))
    yield index


@pytest.mark.parametrize(("asked", "there"), PAIRS)
def test_forms_of_one_word_find_each_other(words: SearchIndex, asked: str, there: str) -> None:
    assert there in words.search(Query(text=asked, per_page=100)).ids


@pytest.mark.parametrize(("one", "other"), APART)
def test_words_that_differ_by_dots_stay_apart(words: SearchIndex, one: str, other: str) -> None:
    assert other not in words.search(Query(text=one)).ids
    assert words.search(Query(text=one)).ids[0] == one


@pytest.mark.parametrize(
    ("compound", "head"),
    [
        ("Stångebron", "bro"), ("folkskolan", "skola"), ("folkskolebyggnad", "byggnad"),
        ("byggnadsnämnden", "nämnd"), ("brandstationsritning", "ritning"),
        ("räkenskapsbok", "bok"), ("kyrkböcker", "bok"),
        ("stadsfullmäktigeprotokollet", "protokoll"),
        ("Kungsgatan", "gata"), ("Linköpingskarta", "karta"), ("rotemansarkiv", "arkiv"),
        ("helsovårdsnämnden", "nämnd"), ("järnvägsstationen", "station"), ("qvarnhjul", "hjul"),
        ("vattentornet", "torn"), ("fattigvårdsstyrelsen", "styrelse"), ("stadskarta", "karta"),
        ("domkyrkan", "kyrka"), ("skeppsbron", "bro"), ("kvartersgatorna", "gata"),
    ],
)  # fmt: skip
def test_the_longest_head_of_a_compound_comes_first(compound: str, head: str) -> None:
    assert parts(plain(compound))[0] == key(head)


@pytest.mark.parametrize(
    "word", ["stockholm", "handling", "fastighet", "förening", "protokollet", "skolan", "kartan"]
)
def test_what_is_no_compound_is_left_whole(word: str) -> None:
    assert parts(word) == ()


def test_inner_parts_of_a_long_compound_are_found_too() -> None:
    assert {key("skola"), key("folk"), key("folkskola")} <= set(parts("folkskolebyggnad"))


def test_text_in_either_unicode_form_is_one_word() -> None:
    assert plain("Linko\u0308ping") == plain("Linköping") == "linköping"


@pytest.fixture
def without_dictionary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(wordlist, "HUNSPELL", tmp_path / "absent.dic")
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for cached in (key, lemma, modern, parts, wordlist._hunspell, wordlist._all_words,
                   wordlist.lower_case, wordlist.fingerprint):  # fmt: skip
        cached.cache_clear()


@pytest.mark.usefixtures("without_dictionary")
def test_the_shipped_list_alone_is_enough_for_the_core_of_the_language() -> None:
    wanted = 0
    missed = [pair for pair in PAIRS if key(plain(pair[0])) != key(plain(pair[1]))]
    for compound, head in (("stångebron", "bro"), ("folkskolan", "skola"), ("stadskarta", "karta")):
        wanted += key(head) in parts(compound)
    assert wanted == 3
    assert len(missed) <= len(PAIRS) * 0.04, missed


def test_a_word_has_the_same_stem_whoever_else_is_asking() -> None:
    words = [f"{head}{tail}" for head in ("yrke", "beslut", "handling", "skrivelse", "bekräftelse")
             for tail in ("", "n", "t", "r", "rna", "ns", "er", "erna", "ar", "s")]  # fmt: skip
    alone = {word: stems._stem(word) for word in words}

    def ask(offset: int) -> list[str]:
        mine = words[offset:] + words[:offset]
        return [w for _ in range(200) for w in mine if stems._stem(w) != alone[w]]

    with ThreadPoolExecutor(4) as pool:
        assert [wrong for found in pool.map(ask, range(0, 40, 10)) for wrong in found] == []
