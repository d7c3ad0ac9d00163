"""Write old Swedish in today's spelling, so that both find each other.

Only for comparing: what is shown is always as it was written. The rules are run on the words of
the index and on those of the query alike, so a rule that goes too far costs precision, never
a hit. Sources: the spelling reforms of 1889 and 1906, and older habits of the city's scribes.
Begin at `modern`.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VOWEL = "aeiouyåäö"
# Before the reforms one letter could stand in several ways. Order matters: w before hv.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        ("^thet$", "det"),
        ("^then$", "den"),
        ("w", "v"),
        ("qv|qu", "kv"),
        ("q", "k"),
        ("hv(?=[aeiouyåäö])", "v"),
        ("ffv|fv", "v"),
        ("kiö|kjö", "kö"),
        ("lin[dkc]+öp", "linköp"),
        ("(?<=köping)[hsz]+$", ""),
        ("giö", "gö"),
        ("kiä", "kä"),
        ("chr", "kr"),
        ("ph", "f"),
        (f"c(?=[aouålrt](?!h))|(?<=[{_VOWEL}])c$", "k"),
        ("cö", "kö"),
        ("th", "t"),
        ("(?<=[gd])h(?=$|[^aeiouyåäöjv])", ""),
        ("^iag$", "jag"),
        ("landt(?=[bdhjmrsvg])", "lant"),
        (f"(?<=[{_VOWEL}])dt$", "tt"),
        (f"(?<=[^{_VOWEL}])dt$", "t"),
        (f"(?<=[{_VOWEL}])dt(?=[aes]$)", "tt"),
        ("slägt", "släkt"),
        ("jagt", "jakt"),
        ("kongl", "kungl"),
        ("^konung(?!ar)", "kung"),
    )
)
# f that is v: only in these roots, for efter, kraft and fotograf keep theirs.
_F_ROOTS = re.compile(
    r"(?:(?<![a-zåäö])a|ho|hal|kal|sjel|själ|tol|skri|skre|bre|li|ble|ga|le|gra|sta|dre|lö|el|äl|"
    r"ty|ar|gre|bli|behö|kor|val|hä|ju|pro|dju)f"
    r"(?=$|[bdghjklmnpsv])"
)
_HOF = re.compile("^hof(?=rä|ri|ra)")
_AF = re.compile(r"^af(?=[bdghjklmnpsv]|tal|tack|träd|tryck|rät|räk|resa|und|ort)")
_E_ROOTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(old), new)
    for old, new in (
        ("^der(?=$|f|i|m|p|st|u|v)", "där"),
        ("^her(?=$|i|m|p|st|u|v)", "här"),
        ("elg", "älg"),
        ("elv(?=$|en|ar|s)", "älv"),
        ("sjel", "själ"),
        ("jern", "järn"),
        ("verld", "värld"),
        ("embet", "ämbet"),
        ("^hemt", "hämt"),
        ("^erend", "ärend"),
        ("mennisk", "människ"),
        ("^enk(?=a|e|o|$)", "änk"),
        ("^eg(?=a$|ar|an$|d$)", "äg"),
        ("vester", "väster"),
        ("vestr", "västr"),
        ("^lemn", "lämn"),
        ("^gern", "gärn"),
        ("hjelp", "hjälp"),
        ("hjert", "hjärt"),
        ("fjerd", "fjärd"),
        ("stjern", "stjärn"),
        ("tjen(?=s|a|t)", "tjän"),
        ("tiens|tiäns", "tjäns"),
        ("(?<![a-zåäö])verd(?=$|e|i|s)", "värd"),
        ("merk(?=$|a|e|n|t|s|v)", "märk"),
        ("^nemnd|(?<=s)nemnd", "nämnd"),
        ("^nemlig", "nämlig"),
        ("^dreng", "dräng"),
        ("^eng(?=$|ar|en$|s)", "äng"),
        ("^helso", "hälso"),
        ("^helsing(?=l)", "hälsing"),
        ("vexel", "växel"),
        ("vext", "växt"),
        ("^qvell|^kvell", "kväll"),
        ("skepps?verv", "skeppsvarv"),
    )
)


@lru_cache(maxsize=200_000)
def modern(word: str) -> str:
    """Return `word` (lower case) in the spelling after 1906: hvad → vad, qvarn → kvarn.

    A modern word may come out in a shape that nobody writes (camping → kamping); it does so
    on both sides.
    """
    for pattern, new in _RULES:
        word = pattern.sub(new, word)
    word = _HOF.sub("hov", _AF.sub("av", word))
    word = _F_ROOTS.sub(lambda m: m.group()[:-1] + "v", word)
    for pattern, new in _E_ROOTS:
        word = pattern.sub(new, word)
    return word
