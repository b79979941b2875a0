"""Contents of events (what is asked, told, blamed, paid or given), composed from tables."""

import random
import re
from dataclasses import dataclass

_TABLES: dict[str, tuple[str, ...]] = {
    name: tuple(word.strip() for word in words.replace("\n", " ").split("|"))
    for name, words in {
        "thing": """bridge|border crossing|pipeline|power station|embassy|school|reactor|
railway line|ferry service|airport|steel plant|dam|stadium|library|hospital|tunnel|refinery|
data centre|shelter|fishing port|factory|warehouse|radar station|telescope|shipyard|prison|
theatre|vaccine laboratory|water plant|consulate|military base|copper mine|archive|wind farm|
canal lock""",
        "people": """sailors|prisoners|journalists|engineers|students|soldiers|doctors|pilots|
refugees|fishermen|inspectors|miners|drivers|nurses|hostages|interpreters|aid workers|protesters|
teachers|diplomats|divers|climbers|election observers|farm workers""",
        "paper": """the tax files|the flight recorder|the minutes of the meeting|
the test results|the crash report|the list of donors|the satellite images|the shipping records|
the draft treaty|the medical files|the voter rolls|the wage data|the source code|
the maps of the minefield|the safety certificates|the bank statements|the camera footage|
the inspection reports|the letters from 1987|the names of the witnesses""",
        "deal": """the ceasefire|the fishing treaty|the arms embargo|the trade deal|
the gas contract|the border agreement|the wage agreement|the extradition treaty|the climate pact|
the merger plan|the grain deal|the visa agreement|the water treaty|the prisoner exchange|
the nuclear accord|the rescue package|the transfer agreement|the peace plan|the pension reform|
the lease""",
        "goods": """gas masks|fighter jets|vaccines|wheat|tents|generators|drones|steel pipes|
solar panels|ambulances|fire engines|blankets|rifles|computer chips|patrol boats|insulin|diesel|
spare parts|night-vision goggles|fertiliser|body armour|water pumps|helicopters|satellite phones|
textbooks""",
        "topic": """the missile tests|the missing ferry|the new tariffs|the bridge repairs|
the water shortage|the election date|the hacked emails|the bus strike|the nuclear programme|
the bank's losses|the stolen painting|the oil spill|the pay dispute|the flood relief|
the detained crew|the stadium plans|the fishing quotas|the leaked memo|the train crash|
the radio frequencies|the pension fund|the vaccine trial|the border fence|the rent rise|
the power cuts|the sunken submarine|the visa rules|the landslide|the forged passports|
the closure of the mine""",
        "act": """enrich uranium|raise the price of gas|build settlements on the coast|
fish in the northern waters|test missiles at sea|arm the rebels|jam radio signals|
cut off the water|block the main road|dump waste in the river|print more money|
recruit foreign fighters|sell shares in the bank|fly over the islands|mine the harbour|
shut down newspapers|buy oil from the militia|hire temporary staff|charge students more|
drill for oil in the bay""",
        "acting": """enriching uranium|raising the price of gas|arming the rebels|
jamming radio signals|cutting off the water|hiding evidence|leaking secret documents|
bribing the referee|dumping waste in the river|breaking the ceasefire|spying on the opposition|
blocking aid trucks|rigging the vote|evading taxes|stealing trade secrets|lying about the budget|
smuggling weapons|ignoring safety warnings|overcharging customers|hacking the election servers|
delaying the investigation|misusing public money|firing on a fishing boat|
copying the design of an engine|inflating the accounts|abandoning the wounded|
selling fake medicine|planning a coup|burning down a warehouse|forging signatures|hoarding grain|
threatening witnesses|underpaying cleaners|poisoning the wells|undermining the peace talks|
manipulating the exchange rate|sheltering a fugitive""",
        "deed": """the handling of the flood|the rescue of {n} {people}|
the delay in opening the {thing}|the speech on {topic}|the response to the earthquake|
the decision to close the {thing}|the defence of {deal}|the work on the {thing}|
the attack on the {thing}|the collapse of the {thing}|the leak of {paper}|
the failure to deliver the {goods}|the swift delivery of {goods}|the loss of {n} {goods2}|
the evacuation of {n} {people}|the treatment of the {people}|the sale of the {thing}|
the cancellation of {deal}|the care given to the {people}|the role in {topic}|
the cost of the {thing}|the support for {deal}|the arrest of {n} {people}|
the design of the {thing}""",
        "goods2": "generators|drones|patrol boats|ambulances|computers|trucks|cables|tractors",
        "name": """Harvest|Sunrise|Compass|Lantern|Granite|Falcon|Orchard|Beacon|Thunder|Cedar""",
        "unit": "million|million|million|billion",
        "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
        "month": """January|February|March|April|May|June|July|August|September|October|November|
December""",
        "deadline": """by {day}|by the end of {month}|before {month}|within {few} days|
within {few} weeks|before the summit|before winter|without delay|by {d} {month}|by noon|at once|
this year|before the next vote|until {month}|for another {few} months""",
        "future": """in {month}|next {day}|within {few} weeks|on {d} {month}|
by the end of the year|before {month}|in {few} days|this winter|after the election""",
        "city": """Geneva|Vienna|Doha|Oslo|Singapore|Istanbul|Lisbon|Montreal|Nairobi|Prague|
Muscat|Reykjavik|Helsinki|Davos|Marrakesh|Tallinn|Valletta|Osaka|Lusaka|Bratislava|Cardiff|
Antwerp|Turin|Seville|Gdansk|Salzburg|Leipzig|Perth|Vancouver|Quito""",
        "job": """captain|chairman|treasurer|head of the navy|head coach|finance minister|mayor|
chief justice|ambassador to the UN|director of the museum|party leader|editor|governor|
chief prosecutor|head of the space agency|team doctor|foreign secretary|speaker of parliament|
archbishop|chief scientist""",
        "weapon": """drones|missiles|artillery|tanks|rockets|cluster bombs|mortars|gunboats|
fighter jets|a cyberattack|helicopters|mines""",
        "boon": """access to the {thing}|a loan of {money}|a seat on the board|
the right to fish off the coast|{n} {goods2}|a permit for the {thing}|a share of the profits|
help with the {thing}|{n} visas|a pay rise of {pct} percent|a discount of {pct} percent|
protection from prosecution|use of the {thing}|a contract worth {money}|
an extension until {month}|a role in {topic}|a grant of {money}|a copy of the report|
a place at the talks|{few} more weeks|landing rights at the airport|shipments of {goods}|
a refund of {money}|a meeting in {city}""",
        "item": """{n} {goods2}|{n} tonnes of wheat|a copy of the report|the keys to the {thing}|
{paper}|a draft of the agreement|a consignment of {goods}|{n} doses of vaccine|
{few} old {goods2}|a letter from the mayor|a box of photographs|{n} barrels of oil|
a list of {n} names|shares worth {money}|a spare engine|a piano|a silver medal|
{few} crates of {goods}|{n} hectares of land|the code name Operation {name}|
the plans of the {thing}|a warship|the original recording""",
    }.items()
}

# Each line: core|tail. A question names the core; the whole is the answer.
_FORMS = {
    "infinitive": """release {n} {people}|{deadline}
reopen the {thing}|{deadline}
close the {thing}|{deadline}
hand over {paper}|{deadline}
sign {deal}|{deadline}
withdraw from {deal}|
stop trying to {act}|{deadline}
cut spending by {pct} percent|
raise wages by {pct} percent|{deadline}
send {n} {people} to {city}|
send {goods} to the {people}|{deadline}
let inspectors into the {thing}|{deadline}
pay {money} for the {thing}|{deadline}
take in {n} {people}|{deadline}
give up {deal}|
move the {thing} away from the coast|
publish {paper}|{deadline}
host talks on {topic}|in {month}
join a committee on {topic}|
apologise for {deed}|
investigate {deed}|
look into {topic}|{deadline}
withdraw the {people} from the {thing}|{deadline}
share {paper}|with the {people}
postpone the vote on {topic}|until {month}
lift the ban on {goods}|{deadline}
stop the export of {goods}|{deadline}
cancel the sale of {goods}|
rebuild the {thing}|{deadline}
take part in {few} rounds of talks|in {city}
keep the {thing} open|{deadline}
reduce the number of {people} at the {thing}|to {n}
protect the {people} at the {thing}|
buy {n} {goods2}|{deadline}
return the remains of {n} {people}|
drop the case about {topic}|
accept {deal}|{deadline}
explain {deed}|
freeze the price of {goods}|{deadline}
be patient about {topic}|""",
    "clause": """the {thing} would reopen|{future}
the {thing} would be closed|{future}
{n} {people} had been released|
{n} {people} were still missing|
{deal} would be signed|{future}
{deal} was dead|
{topic} could not wait|any longer
the {goods} would arrive|{future}
{paper} had been lost|
{paper} had been forged|
the price of {goods} would rise by {pct} percent|
{money} had been set aside for the {thing}|
there was no money left for the {thing}|
the {people} would go on strike|{future}
the {people} were safe|
talks on {topic} would begin in {city}|{future}
the {thing} was not for sale|
the {thing} had been damaged|by {weapon}
{pct} percent of the {goods} had been stolen|
a decision on {topic} would be taken|{future}
the ban on {goods} would stay in place|
the {thing} needed repairs worth {money}|
the deadline for {deal} had passed|
an attack on the {thing} was likely|
the inspectors would leave the {thing}|{future}
sanctions would follow|if {deal} failed
{deed} had been a mistake|
nobody had been told about {topic}|
{n} jobs at the {thing} would go|{future}
the investigation of {topic} was over|""",
    "gerund": """{acting}|
{acting}|
{acting}|in {year}
{acting}|for years
{acting}|during the election
failing to protect {n} {people}|
taking {money} from the {people}|
selling {goods} to the rebels|
destroying {paper}|
breaking {deal}|
holding {n} {people} at the {thing}|
trying to {act}|
losing {n} {goods2}|""",
    "noun": "{deed}|\n{deed}|\n{deed}|\n{deed}|in {year}",
    "topic": "{topic}|\n{topic}|\nthe future of the {thing}|\nthe fate of {n} {people}|\n{deal}|",
    "amount": """{money}|
{money}|for the {thing}
{money}|for {n} {goods2}
{money}|in rent
{money}|in damages""",
    "loan": "{money}|\n{money}|for the {thing}\n{money}|without interest",
    "penalty": "{money}|\n{money}|for {acting}\n{money}|over {topic}",
    "price": "{money}|\n{money}|in cash\n{money}|in shares",
    "boon": "{boon}|",
    "item": "{item}|",
    "score": "{goals}|",
    "job": "{job}|",
    "weapon": "{weapon}|",
}


@dataclass(frozen=True, slots=True)
class Content:
    """Content of an event: `core` is what a question repeats, `full` the answer."""

    core: str
    full: str


def draw_content(rng: random.Random, kind: str) -> Content:
    """Compose a content of a kind from the tables."""
    core, _, tail = rng.choice(_FORMS[kind].split("\n")).partition("|")
    core = expand(rng, core)
    if not tail or rng.random() < 0.5:  # noqa: PLR2004 - half of the tails
        return Content(core, core)
    return Content(core, f"{core} {expand(rng, tail)}")


def expand(rng: random.Random, template: str) -> str:
    """Replace every `{table}` of the template by a drawn entry, recursively."""
    while "{" in template:
        template = re.sub(
            r"\{(\w+)\}", lambda found: _entry(rng, found.group(1)), template, count=1
        )
    return template


def _entry(rng: random.Random, table: str) -> str:
    if table in _TABLES:
        return rng.choice(_TABLES[table])
    return _number(rng, table)


def _number(rng: random.Random, table: str) -> str:
    numbers = {
        "n": rng.choice((rng.randrange(6, 99), rng.randrange(2, 60) * 50)),
        "d": rng.randrange(1, 29),
        "pct": rng.randrange(2, 60),
        "year": rng.randrange(1996, 2027),
    }
    if table in numbers:
        return f"{numbers[table]:,}" if table == "n" else str(numbers[table])
    if table == "few":
        return rng.choice("two three four five six seven eight nine ten".split())
    if table == "goals":
        high = rng.randrange(1, 6)
        return f"{high}-{rng.randrange(high)}"
    return _money(rng)


def _money(rng: random.Random) -> str:
    unit = rng.choice(_TABLES["unit"])
    figure = rng.choice(
        (str(rng.randrange(2, 900)), f"{rng.randrange(1, 60)}.{rng.randrange(1, 10)}")
    )
    small = f"{rng.randrange(2, 900) * 500:,}"
    forms = (
        f"${figure} {unit}",
        f"${figure} {unit}",
        f"€{figure} {unit}",
        f"{figure} {unit} euros",
        f"{figure} {unit} pounds",
        f"£{small}",
        f"${small}",
        f"{small} crowns",
    )
    return rng.choice(forms)
