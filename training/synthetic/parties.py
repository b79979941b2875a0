"""Parties: states with aliases, and invented people and organisations, none meant to be real."""

import random
from dataclasses import dataclass

STATE, PERSON, BODY, FIRM, CLUB = "state", "person", "body", "firm", "club"

# One state a line: names that a question may use for one another, commonest first.
_STATES = """the US|the United States|Washington|America
the UK|Britain|London|the United Kingdom
Iran|Tehran
China|Beijing
Russia|Moscow|the Kremlin
France|Paris
Germany|Berlin
Japan|Tokyo
Turkey|Ankara
Saudi Arabia|Riyadh
South Korea|Seoul
North Korea|Pyongyang
the EU|the European Union|Brussels
Israel|Jerusalem
Pakistan|Islamabad
India|New Delhi
Ukraine|Kyiv
Poland|Warsaw
Hungary|Budapest
Egypt|Cairo
Iraq|Baghdad
Syria|Damascus
Lebanon|Beirut
Jordan|Amman
Qatar|Doha
Oman|Muscat
Yemen|Sanaa
Afghanistan|Kabul
Canada|Ottawa
Mexico
Brazil|Brasilia
Argentina|Buenos Aires
Chile|Santiago
Peru|Lima
Colombia|Bogota
Venezuela|Caracas
Cuba|Havana
Spain|Madrid
Portugal|Lisbon
Italy|Rome
Greece|Athens
Serbia|Belgrade
Kosovo|Pristina
Croatia|Zagreb
Austria|Vienna
Switzerland|Bern
Belgium
the Netherlands|The Hague
Denmark|Copenhagen
Norway|Oslo
Sweden|Stockholm
Finland|Helsinki
Estonia|Tallinn
Latvia|Riga
Lithuania|Vilnius
Belarus|Minsk
Georgia|Tbilisi
Armenia|Yerevan
Azerbaijan|Baku
Kazakhstan|Astana
Mongolia|Ulaanbaatar
Vietnam|Hanoi
Thailand|Bangkok
Cambodia|Phnom Penh
Malaysia|Kuala Lumpur
Indonesia|Jakarta
the Philippines|Manila
Taiwan|Taipei
Australia|Canberra
New Zealand|Wellington
Kenya|Nairobi
Ethiopia|Addis Ababa
Eritrea|Asmara
Sudan|Khartoum
Somalia|Mogadishu
Rwanda|Kigali
Nigeria|Abuja
Ghana|Accra
Senegal|Dakar
Mali|Bamako
Morocco|Rabat
Algeria|Algiers
Tunisia|Tunis
Libya|Tripoli
South Africa|Pretoria
Zimbabwe|Harare
Bangladesh|Dhaka
Nepal|Kathmandu
Sri Lanka|Colombo
NATO
the UN|the United Nations"""

# The questions that the project is judged by are about Iran with these two: a reader trained on
# their very words would prove nothing, so the three never meet.
_APART = ("Iran", "the US", "China")

_FIRST = {
    "she": """Ilva Marta Oriane Tessa Nadia Brida Corinne Yara Selma Ingrid Paloma Renske Amara
Lucinda Farida Hedvig Mirela Joan Priya Keiko Zofia Leila Roberta Agnes Dana Esther Wanda Noor
Beatriz Sunniva Thandi Olga Ruth Vera Anouk Carmen Elif Gudrun Halina Imani""",
    "he": """Tomas Edvin Rafiq Jonas Pelle Marcus Dario Viktor Osman Hugh Lorenz Kofi Anders Mateo
Bram Idris Stefan Colm Ruben Farhan Desmond Aleksi Piet Gordon Kenji Luka Nikolai Owen Samir Theo
Ulrich Walter Yusuf Zane Arturo Benoit Callum Dmitri Emil Felix""",
}
_LAST = """Marn Quillfeather Dovrek Ashcombe Tallis Brannock Okonjo Velasquez Hartwin Lindqvist
Moreau Petrakis Szabo Farrow Nakagawa Oyelaran Castellan Drummond Eberhart Falk Grigoryan Halloran
Iversen Jankovic Kessler Lombard Mbeke Norling Ostrander Pemberton Quist Rasmund Sandoval Thorvald
Ushakov Vandermeer Whitlock Ximenes Yarrow Zeller Abernath Bascombe Corrigan Delacour Eskola
Fontaine Gallowin Hashemi Ibarra Jutland Karimov Lachlan Mansoor Nieminen Orsini Pryce Rahmani
Sorrell Trevanion Umarov Voss Wexler Yilmaz Zamora Adeyinka Birkett Cardoso Dresden Engstrom
Fairweather Gruber Hollis Ingram Jessop Kowal Leclair Mowbray Novak Osei Pasternak Radley Sarkis"""
_TITLES = """President|Prime Minister|Foreign Minister|Finance Minister|Governor|Mayor|Senator|
Judge|General|Ambassador|Professor|Chancellor|Inspector|Councillor|Defence Minister|Bishop|Captain|
Energy Minister|Special Envoy|Chief Executive|Commissioner|Dr|Secretary of State""".replace(
    "\n", ""
)

_PLACES = """Norwick Caldermouth Estrava Port_Allen Hallbridge Vintry Osterby Lakemoor Saltholm
Brackenford Tarvos Wendleby Kirkhaven Monteverde Rosendal Aldwater Fernhill Greyport Dunmere
Silverton Marlow_Bay Redcliff Stonegate Thornbury Westerley Ambleford Eastmark Pinegrove Havenport
Longmere"""
_BODY_FORMS = """the {p} city council|the {p} harbour board|the {p} teachers' union|{p} University|
the {p} police department|the {p} water authority|the {p} hospital trust|the {p} nurses' union|
the {p} fishermen's league|the {p} airport authority|the {p} rail regulator|the {p} museum|
the {p} tenants' association|the {p} health ministry|the {p} interior ministry|the {p} high court|
the {p} dockers' union|the {p} farmers' federation|the {p} chamber of commerce|
the {p} election commission|the {p} central bank|the {p} fire service""".replace("\n", "")
_FIRM_WORDS = """Corvane Halyard Meridian Tolvex Brightwell Osmund Kestrel Zenova Larkspur Argent
Pallas Quorum Nordholt Vantor Sable Ridgeline Aurelis Cobalt Dunmore Everline Foxglove Granary
Helix Ironbark Juniper Kilnworth Lumen Mastiff Northlight Orbiton Palisade Quarrystone Rivermead
Solace Trident Umbra Verdane Willow Xandria Yewtree Zephyr"""
_FIRM_ENDS = """Foods|Energy|Motors|Bank|Airlines|Shipping|Media|Pharma|Steel|Systems|Holdings|
Insurance|Telecom|Mining|Textiles|Robotics|Logistics|Capital|Studios""".replace("\n", "")
_CLUB_ENDS = "United|Rovers|City|Athletic|Wanderers|Town|Rangers|Albion|Olympic|Harriers"


@dataclass(frozen=True, slots=True)
class Party:
    """Party of an event.

    `first` is its name when first mentioned, `later` afterwards; `asked` are names for questions;
    `pronouns` are as in "he saw him and his dog"; `aliases` are all of its names.
    """

    kind: str
    first: str
    later: str
    asked: tuple[str, ...]
    pronouns: tuple[str, str, str] = ("it", "it", "its")
    aliases: tuple[str, ...] = ()

    @property
    def relative(self) -> str:
        """Return the relative pronoun: people are "who", the rest "which"."""
        return "who" if self.kind == PERSON else "which"


def _state(rng: random.Random) -> Party:
    names = rng.choice(_STATES.splitlines()).split("|")
    name = names[0] if rng.random() < 0.65 else rng.choice(names)  # noqa: PLR2004 - a share
    # People ask with the word they read; one time in eight they use another name for it.
    asked = tuple(names) if rng.random() < 0.12 else (name,)  # noqa: PLR2004 - a share
    return Party(STATE, name, name, asked, aliases=tuple(names))


def _person(rng: random.Random) -> Party:
    pronoun = rng.choice(("she", "he"))
    pronouns = ("she", "her", "her") if pronoun == "she" else ("he", "him", "his")
    first = rng.choice(_FIRST[pronoun].split())
    last = rng.choice(_LAST.split())
    full = f"{first} {last}"
    form = rng.randrange(4)
    if form == 0:
        return Party(PERSON, full, full, (full,), pronouns)
    if form == 1:
        return Party(PERSON, last, last, (last,), pronouns)
    titled = f"{rng.choice(_TITLES.split('|'))} {rng.choice((full, last))}"
    return Party(PERSON, titled, last, (last, titled), pronouns)


def _body(rng: random.Random) -> Party:
    place = rng.choice(_PLACES.split()).replace("_", " ")
    name = rng.choice(_BODY_FORMS.split("|")).format(p=place)
    return Party(BODY, name, name, (name,))


def _firm(rng: random.Random) -> Party:
    word = rng.choice(_FIRM_WORDS.split())
    full = f"{word} {rng.choice(_FIRM_ENDS.split('|'))}"
    if rng.random() < 0.4:  # noqa: PLR2004 - a share
        return Party(FIRM, full, word, (full, word))
    return Party(FIRM, full, full, (full,))


def _club(rng: random.Random) -> Party:
    place = rng.choice(_PLACES.split()).replace("_", " ")
    name = f"{place} {rng.choice(_CLUB_ENDS.split('|'))}"
    return Party(CLUB, name, name, (name,))


_MAKERS = {STATE: _state, PERSON: _person, BODY: _body, FIRM: _firm, CLUB: _club}


def draw_parties(rng: random.Random, kinds: str, count: int) -> list[Party]:
    """Draw parties of the given kinds (space-separated) whose names share no word."""
    same = rng.choice(kinds.split())
    mixed = rng.random() < 0.3  # noqa: PLR2004 - a share
    parties: list[Party] = []
    seen: list[str] = ["the"]
    while len(parties) < count:
        kind = rng.choice(kinds.split()) if mixed else same
        party = _MAKERS[kind](rng)
        words = [
            w
            for n in (party.first, *party.asked, *party.aliases)
            for w in n.lower().split()
            if w != "the"
        ]
        if any(word in seen for word in words):
            continue
        if any(name in party.aliases for name in _APART):
            words += ["iran", "us", "china"]
        seen.extend(words)
        parties.append(party)
    return parties
