"""Fotograf Agda Lindhs samling: a private deposit of photographs, 1897–1948.

Begin at `lindh`.
"""

from __future__ import annotations

from datetime import date

from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.tree import Fonds, Traits, Tree, person
from ingest.package import Restriction

_CONTRACT = Restriction(
    "access_contract", "Depositionsavtal 2009-04-15 med släkten Lindh, § 4", until=date(2019, 4, 15)
)
AGDA = person("Lindh, Agda (fotograf)", "1874–1951")
_PLATES = Traits(
    "HA-K-DEP",
    "photograph",
    personal_data="none",
    creators=(person("Lindh, Agda (fotograf)", "1874–1951", "photographer"),),
    restrictions=(_CONTRACT,),
)

_SCOPE = (
    "Agda Lindh öppnade ateljé vid Nygatan 1897, tjugotre år gammal, och gick ut med kameran varje "
    "söndag tills hon slutade 1948. Hon fotograferade torgdagar, båtar, isar och gator som skulle "
    "rivas, och skrev bildtexterna själv på kartongen. Samlingen är deponerad av släkten; avtalet "
    "låter stadsarkivet visa bilderna sedan 2019."
)

# theme, date, caption, place, subjects, what is to be seen
_SHOTS = (
    (
        "square",
        "1898-09-24",
        "Torgdag, Stora torget 24 sept. 1898",
        "Stora torget",
        "Torghandel; Marknad",
        "Höstmarknad. Stånden står tätt och en pojke håller i ett får mitt i folkhavet.",
    ),
    (
        "river",
        "1899-06-11",
        "Stångån och Domkyrkan, försommar 1899",
        "Stångån",
        "Stångån; Stadsvyer",
        "Tornet speglar sig i ån. I båten sitter fotografens bror.",
    ),
    (
        "canal",
        "1900-07-01",
        "Ångaren Kind vid lövsprickan",
        "Kinda kanal",
        "Sjöfart; Kinda kanal",
        "Den lilla kanalångaren på väg söderut med söndagsresenärer under soltaket.",
    ),
    (
        "street",
        "1901-05-05",
        "Hunnebergsgatan, morgon",
        "Hunnebergsgatan",
        "Gator; Stadsvyer",
        "De låga trähusen kastar skugga över stenläggningen. Domkyrkotornet i fonden.",
    ),
    (
        "station",
        "1901-08-17",
        "Lokaltåget klart för avgång",
        "Järnvägsstationen",
        "Järnväg; Resande",
        "Ett litet lok och två vagnar. Den som kommer springande längst till höger hann med.",
    ),
    (
        "park",
        "1902-07-13",
        "Söndag i Trädgårdsföreningen",
        "Trädgårdsföreningen",
        "Parker; Nöjesliv",
        "Promenad i bästa kläderna. I paviljongen spelade regementsmusiken.",
    ),
    (
        "winter",
        "1903-01-18",
        "Isen bär! Stångån 18 jan. 1903",
        "Stångån",
        "Vinter; Fritid",
        "Halva staden på skridskor. Kjolarna gör det inte lättare.",
    ),
    (
        "works",
        "1903-10-03",
        "Arbetarna vid Tannefors kvarn",
        "Tannefors",
        "Industri; Arbetsliv",
        "Alla som arbetade vid kvarnen, uppställda i tre rader.",
    ),
    (
        "square",
        "1904-04-30",
        "Valborgsmässoafton på Stora torget",
        "Stora torget",
        "Högtider; Stora torget",
        "Man väntar på sången. Torgstånden säljer ballonger och nejlikor.",
    ),
    (
        "river",
        "1904-10-09",
        "Höstdimma över ån",
        "Stångebro",
        "Stångån; Stadsvyer",
        "Dimman lättar. Bron är den nya, med stenvalv.",
    ),
    (
        "fire",
        "1905-02-19",
        "Branden vid Ågatan, natten 19 febr. 1905",
        "Ågatan",
        "Brandväsen; Olyckor",
        "Taken brann i tre timmar. Exponerad i åtta sekunder från motsatta kajen.",
    ),
    (
        "street",
        "1905-06-25",
        "S:t Larsgatan före rivningen",
        "S:t Larsgatan",
        "Gator; Rivningar",
        "Hela raden till höger revs samma höst.",
    ),
    (
        "canal",
        "1906-06-23",
        "Midsommarresan till sjöarna",
        "Tannefors slussar",
        "Sjöfart; Högtider",
        "Lövad ångare lägger ut vid slussarna.",
    ),
    (
        "park",
        "ca 1906",
        "Barnens dag i Trädgårdsföreningen",
        "Trädgårdsföreningen",
        "Barn och unga; Högtider",
        "Fest till förmån för skolbarnens sommarkoloni.",
    ),
    (
        "winter",
        "1907-02-03",
        "Issågning nedanför bron",
        "Stångebro",
        "Arbetsliv; Vinter",
        "Is till bryggeriet. Blocken drogs upp med häst.",
    ),
    (
        "station",
        "1908-05-30",
        "Välkommen, prinsen! Stationen 30 maj 1908",
        "Järnvägsstationen",
        "Järnväg; Högtider",
        "Väntande utanför stationshuset. Prinsens tåg var försenat.",
    ),
    (
        "works",
        "1908-09-12",
        "Tannefors Mekaniska Verkstad, personalen",
        "Tannefors",
        "Industri; Arbetsliv",
        "Verkstadens personal vid tioårsjubileet.",
    ),
    (
        "square",
        "1909-08-04",
        "Storstrejken: tyst torgdag",
        "Stora torget",
        "Arbetsliv; Strejker",
        "Första dagen av storstrejken. Få stånd, många väntande.",
    ),
    (
        "river",
        "1910-05-18",
        "Kometnatten – vi såg ingenting",
        "Stångån",
        "Stadsvyer; Stångån",
        "Alla hade gått ut för att se kometen. Fotografen tog i stället ån.",
    ),
    (
        "street",
        "1911-03-12",
        "Storgatan med nya lyktstolpar",
        "Storgatan",
        "Gator; Belysning",
        "De elektriska lyktorna är resta men ännu inte tända.",
    ),
    (
        "canal",
        "1912-07-21",
        "Slussning vid Tannefors",
        "Tannefors slussar",
        "Sjöfart; Kinda kanal",
        "Ångaren lyfts fyra meter. Slussvaktaren syns i dörren.",
    ),
    (
        "park",
        "1913-06-15",
        "Musikpaviljongen",
        "Trädgårdsföreningen",
        "Parker; Musik",
        "Paviljongen nymålad i vitt.",
    ),
    (
        "winter",
        "1914-02-08",
        "Skridskotävling på Stångån",
        "Stångån",
        "Idrott; Vinter",
        "Tävlingen vanns av en brevbärare.",
    ),
    (
        "square",
        "1916-11-11",
        "Kö till brödkorten, Stora torget",
        "Stora torget",
        "Krisår; Mat",
        "Ransoneringens första vinter.",
    ),
    (
        "station",
        "1917-04-22",
        "Potatistransporten",
        "Järnvägsstationen",
        "Krisår; Järnväg",
        "Vagnarna med potatis bevakades hela natten.",
    ),
    (
        "works",
        "1919-05-01",
        "Första maj vid Tannefors",
        "Tannefors",
        "Arbetsliv; Högtider",
        "Uppställning före avmarsch mot staden.",
    ),
    (
        "river",
        "1920-08-29",
        "Tvätt vid Stångån",
        "Stångån",
        "Vardagsliv; Stångån",
        "Klappbryggan till vänster. Tvätterskorna ville inte vara med på bild.",
    ),
    (
        "street",
        "1922-09-17",
        "Drottninggatan mot Domkyrkan",
        "Drottninggatan",
        "Gator; Stadsvyer",
        "Träden är nyplanterade.",
    ),
    (
        "park",
        "1923-07-08",
        "Trehundraårsfesten",
        "Trädgårdsföreningen",
        "Högtider; Nöjesliv",
        "Fest till minne av stadens förnyade privilegier.",
    ),
    (
        "canal",
        "1925-06-14",
        "Sista resan före reparationen",
        "Kinda kanal",
        "Sjöfart; Kinda kanal",
        "Ångaren skulle få ny panna.",
    ),
    (
        "square",
        "1926-12-23",
        "Julgransförsäljning på torget",
        "Stora torget",
        "Högtider; Torghandel",
        "Dagen före julafton. Granarna kostade från 75 öre.",
    ),
    (
        "winter",
        "1929-02-17",
        "Smällkalla vintern",
        "Stångebro",
        "Vinter; Stångån",
        "Trettiotvå grader kallt. Plåten sprack i hörnet.",
    ),
    (
        "fire",
        "1931-10-30",
        "Bryggeriet brinner",
        "Barnhemsgatan",
        "Brandväsen; Olyckor",
        "Hela magasinet förstördes. Ölet rann i rännstenen.",
    ),
    (
        "station",
        "1934-06-03",
        "Skolresan reser",
        "Järnvägsstationen",
        "Järnväg; Barn och unga",
        "Resa till huvudstaden.",
    ),
    (
        "river",
        "1937-05-09",
        "Min gamla å",
        "Stångån",
        "Stångån; Stadsvyer",
        "Samma plats som 1899.",
    ),
    (
        "street",
        "1941-01-26",
        "Mörkläggning på Nygatan",
        "Nygatan",
        "Krisår; Gator",
        "Fönstren är täckta. Exponerad fyra minuter.",
    ),
    (
        "square",
        "1945-05-07",
        "Freden! Stora torget 7 maj 1945",
        "Stora torget",
        "Högtider; Krisår",
        "Folk strömmade till torget så snart radion hade talat.",
    ),
    (
        "park",
        "1948-09-05",
        "Den sista plåten",
        "Trädgårdsföreningen",
        "Parker; Stadsvyer",
        "Agda Lindhs sista bild innan ateljén stängdes.",
    ),
)


def lindh(prefix: str) -> Fonds:
    """Return the photographer's collection, one volume for each decade or two."""
    tree = Tree(prefix, "AL", "HA")
    tree.fonds("Fotograf Agda Lindhs samling", "1897–1948", AGDA, _SCOPE, extent="2 340 plåtar")
    series = tree.series(
        "K1", "Glasplåtar och kopior", "1898–1948", "Stadsbilder ordnade efter fotografens journal."
    )
    volumes: dict[int, str] = {}
    for theme, dates, caption, place, subjects, scope in _SHOTS:
        year = int(dates[-4:] if dates.startswith("ca") else dates[:4])
        span = min(1930, 1898 + (year - 1898) // 11 * 11)
        if span not in volumes:
            title = f"Plåtar från {span}" if span < 1930 else "Plåtar från 1930- och 40-talen"
            end = min(span + 10, 1948) if span < 1930 else 1948
            volumes[span] = tree.volume(series, title, f"{span}–{end}", _PLATES)
        picture = Picture(
            Kind.PHOTOGRAPH, f"AL/{dates}/{theme}", year, theme=theme, caption=caption
        )
        tree.item(
            volumes[span],
            caption,
            dates,
            _PLATES,
            picture,
            scope=scope,
            place=place,
            subjects=tuple(subjects.split("; ")),
            extent="1 fotografi, 13 × 18 cm",
        )
    return tree.grown()
