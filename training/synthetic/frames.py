"""Frames: acts with their verbs, their possible parties and their own question forms.

Slots: A acts, B is acted on, X is the content, Q its core; `base`, `third`, `past`, `part` and
`ing` are verb forms, `link` joins verb, B and content.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """Forms of a verb, and the word between its object and its content."""

    base: str
    third: str
    past: str
    part: str
    ing: str
    link: str
    passive: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """Act; `family` groups acts that may stand for one another, `fits` lists kinds of parties."""

    act: str
    family: str
    fits: str
    content: str
    verbs: tuple[Verb, ...]
    statements: tuple[str, ...]
    questions: tuple[str, ...]
    doer_questions: tuple[str, ...]
    target_questions: tuple[str, ...]


# act | family | kinds of parties | content | verbs, with forms that are not regular after a colon;
# "-" marks a verb without passive; the link. All verbs of an act answer for one another.
_ANY = "state state person body firm"
_ACTS = f"""ask|request|{_ANY}|infinitive|ask urge \
call_on appeal_to- implore press beg:begged:begging request \
plead_with-:pleaded_with:pleading_with petition entreat encourage|to
order|request|{_ANY}|infinitive|order instruct command direct|to
invite|invite|{_ANY}|infinitive|invite|to
forbid|request|{_ANY}|infinitive|warn caution order tell:told:telling|not to
permit|permit|{_ANY}|infinitive|allow permit:permitted:permitting authorise|to
force|force|{_ANY}|infinitive|force compel:compelled:compelling oblige|to
help|help|{_ANY}|infinitive|help-|to
persuade|persuade|{_ANY}|infinitive|persuade convince|to
tell|tell|{_ANY}|clause|tell:told:telling inform notify advise|that
warn|tell|{_ANY}|clause|warn alert|that
assure|tell|{_ANY}|clause|assure reassure|that
remind|tell|{_ANY}|clause|remind|that
accuse|accuse|{_ANY}|gerund|accuse|of
suspect|suspect|{_ANY}|gerund|suspect|of
clear|clear|{_ANY}|gerund|clear acquit:acquitted:acquitting absolve|of
charge|accuse|body person state|gerund|charge|with
forgive|forgive|{_ANY}|gerund|forgive:forgave/forgiven:forgiving pardon|for
praise|praise|{_ANY}|noun|praise applaud commend|for
thank|praise|{_ANY}|noun|thank|for
criticise|criticise|{_ANY}|noun|criticise condemn rebuke denounce chide|for
blame|criticise|{_ANY}|noun|blame|for
mock|mock|{_ANY}|noun|mock ridicule tease|over
sue|sue|firm body person firm|noun|sue prosecute|over
punish|punish|body firm state|noun|punish sanction penalise|over
reward|reward|{_ANY}|noun|reward honour|for
apologise|apologise|{_ANY}|noun|apologise_to-|for
arrest|arrest|person|noun|arrest detain|over
call|contact|{_ANY}|topic|call phone telephone|about
write|contact|{_ANY}|topic|write_to-:wrote_to/written_to:writing_to email text|about
question|question|person|topic|question interview grill:grilled:grilling|about
brief|brief|{_ANY}|topic|brief|about
consult|consult|{_ANY}|topic|consult|about
visit|visit|{_ANY}|topic|visit|to discuss
pay|give|{_ANY}|amount|pay:paid:paying|
owe|owe|{_ANY}|amount|owe|
lend|lend|state body firm person|loan|lend:lent:lending loan|
fine|fine|body firm|penalty|fine|
repay|repay|{_ANY}|loan|repay:repaid:repaying|
give|give|{_ANY}|item|give:gave/given:giving hand|
send|give|{_ANY}|item|send:sent:sending mail ship:shipped:shipping|
sell|sell|{_ANY}|item|sell:sold:selling|
show|show|{_ANY}|item|show:showed/shown:showing|
promise|promise|{_ANY}|boon|promise guarantee:guaranteed:guaranteeing|
offer|offer|{_ANY}|boon|offer:offered:offering|
deny|deny|{_ANY}|boon|deny refuse|
grant|grant|{_ANY}|boon|grant award|
beat|beat|club|score|beat:beat/beaten:beating defeat thrash overcome:overcame/overcome:overcoming|
acquire|acquire|firm|price|acquire buy:bought:buying purchase \
take_over:took_over/taken_over:taking_over|for
succeed|succeed|person|job|succeed replace|as
attack|attack|state|weapon|attack bomb shell strike:struck:striking pound|with"""

_STATEMENTS = {
    "ask": """{A} sent {B} a request to {X}{adj}.
A request from {A} to {B} to {X} became public{adj}.
{As} appeal to {B} to {X} was read out{adj}.
{B} came under pressure from {A}{adj} to {X}.
“{quoted},” {A} asked {B} in a letter{adj}.
“We ask {B} to {X},” {A} said{adj}.
{A} wants {B} to {X}, according to {source}.
{A} handed {B} a petition to {X}{adj}.
In {As} letter to {B}{adj} was a plea to {X}.
What {A} asked {B} to do{adj} was to {X}.
The request to {X} was made by {A} to {B}{adj}.""",
    "order": """{A} gave {B} orders{adj} to {X}.
An order from {A} to {B} to {X} was published{adj}.
“{quoted}!” {A} ordered {B}{adj}.""",
    "invite": """{A} sent {B} an invitation{adj} to {X}.
{B} received an invitation from {A} to {X}.""",
    "tell": """“{quoted},” {A} told {B}{adj}.
{B} learned from {A}{adj} that {X}.
A message from {A} to {B}{adj} said that {X}.
According to a letter that {A} sent {B}{adj}, {X}.
{B} heard from {A}{adj} that {X}.""",
    "warn": """{As} warning to {B} that {X} was repeated{adj}.
{A} gave {B} a warning{adj} that {X}.
A warning from {A} to {B} said that {X}.""",
    "promise": "{A} made {B} a promise{adj}: {X}.",
    "offer": "An offer of {X} was made by {A} to {B}{adj}.\n{A} made {B} an offer{adj}: {X}.",
    "praise": "{A} had warm words for {B}{adj} for {X}.\n{B} won praise from {A}{adj} for {X}.",
    "criticise": "{B} came under fire from {A}{adj} for {X}.",
    "permit": "{B} got permission from {A}{adj} to {X}.",
    "fine": "A fine of {X} was imposed on {B} by {A}{adj}.",
    "visit": "{A} came to see {B}{adj} to discuss {X}.\n{B} had a visit from {A} to discuss {X}.",
    "assure": "{B} received an assurance from {A}{adj} that {X}.",
    "accuse": "{B}, {A} claimed{adj}, was guilty of {X}.\n{A} held {B} guilty of {X}.",
    "apologise": "{B} received an apology from {A}{adj} for {X}.",
    "thank": "{A} sent {B} a letter of thanks{adj} for {X}.",
    "pay": "{B} received {X} from {A}{adj}.\n{A} transferred {X} to {B}{adj}.",
    "owe": """{A} was in debt to {B}: {X}.
The debt of {A} to {B} was {X}.
{A} owes {B} {X}.
{A} still owed {B} {X}.""",
    "lend": "{B} borrowed {X} from {A}{adj}.",
    "give": "{B} got {X} from {A}{adj}.\n{A} handed {X} over to {B}{adj}.",
    "send": "{B} received {X} from {A}{adj}.\n{A} sent {X} to {B}{adj}.",
    "sell": "{B} bought {X} from {A}{adj}.\n{A} sold {X} to {B}{adj}.",
    "beat": """{B} lost {X} to {A}{adj}.
{A} won {X} against {B}{adj}.
It ended {X} when {A} beat {B}{adj}.""",
    "acquire": "{B} was sold to {A}{adj} for {X}.\n{A} paid {X} for {B}{adj}.",
    "succeed": "{A} took over from {B} as {X}{adj}.\n{B} made way for {A} as {X}{adj}.",
    "attack": "An attack by {A} on {B}{adj} was carried out with {X}.",
    "arrest": "On the orders of {A}, {B} was held{adj} over {X}.",
    "call": "{A} rang {B}{adj} about {X}.",
    "sue": "{A} filed a lawsuit against {B}{adj} over {X}.\n{B} faces a lawsuit by {A} over {X}.",
}
_QUESTIONS = {
    "ask": """What did {A} want {B} to do?
What did {A} ask {B}?
What did {A} ask of {B}?
What request did {A} make to {B}?
What was {As} request to {B}?
Tell me what {A} asked {B} to do.
What does {A} want from {B}?""",
    "order": "What orders did {A} give {B}?",
    "invite": "What was {As} invitation to {B}?",
    "tell": """What did {B} hear from {A}?
What did {B} learn from {A}?
What was {As} message to {B}?
Tell me what {A} told {B}.""",
    "warn": "What did {A} warn {B} about?\nWhat was {As} warning to {B}?",
    "accuse": "What is {B} accused of by {A}?\nWhat was {As} accusation against {B}?",
    "sue": "Why did {A} go to court against {B}?\nWhat is {As} lawsuit against {B} about?",
    "pay": "What sum did {A} pay {B}?\nHow much money did {B} get from {A}?",
    "owe": "How much does {A} owe {B}?\nHow big is {As} debt to {B}?",
    "lend": "How much did {B} borrow from {A}?",
    "give": "What did {B} get from {A}?",
    "send": "What did {B} receive from {A}?",
    "sell": "What did {B} buy from {A}?",
    "beat": "What was the score when {A} beat {B}?\nBy what score did {A} beat {B}?",
    "acquire": "How much did {A} pay for {B}?\nWhat was the price when {A} bought {B}?",
    "succeed": "What post did {A} take over from {B}?\nWhat did {A} succeed {B} as?",
    "attack": "What weapons did {A} use against {B}?",
}

# Converse verbs: whoever was lent something has borrowed it. `y` is the content, where known.
_DOER_QUESTIONS = {
    "lend": "Who did {B} borrow{y} from?\nFrom whom did {B} borrow{y}?",
    "give": "Who did {B} get{y} from?",
    "pay": "Who did {B} get{y} from?\nWho gave {B}{y}?",
    "send": "Who did {B} receive{y} from?\nFrom whom did {B} get{y}?",
    "sell": "Who did {B} buy{y} from?\nFrom whom did {B} buy{y}?",
    "beat": "Who did {B} lose to{y}?\nAgainst whom did {B} lose{y}?\nWho won{y} against {B}?",
    "acquire": "Who was {B} sold to{y}?\nWho became the owner of {B}{y}?",
    "succeed": "Who took over from {B}{y}?\nWho did {B} make way for{y}?",
    "tell": "Who did {B} hear from{y}?",
    "sue": "Who took {B} to court{y}?",
    "fine": "Who did {B} have to pay a fine to?",
}
_TARGET_QUESTIONS = {
    "lend": "Who borrowed{y} from {A}?\nWho has borrowed{y} from {A}?",
    "give": "Who got{y} from {A}?",
    "pay": "Who got{y} from {A}?\nWho was given{y} by {A}?",
    "send": "Who received{y} from {A}?\nWho got{y} from {A}?",
    "sell": "Who bought{y} from {A}?\nWho was the buyer when {A} sold{y}?",
    "beat": "Who lost{y} to {A}?\nAgainst whom did {A} win{y}?",
    "acquire": "Who was sold to {A}{y}?\nWhich firm did {A} become the owner of{y}?",
    "succeed": "Who did {A} take over from{y}?\nWho made way for {A}{y}?",
    "tell": "Who heard from {A}{y}?",
    "sue": "Who was taken to court by {A}{y}?",
    "fine": "Who had to pay a fine to {A}?",
}


def _regular(base: str) -> tuple[str, str, str]:
    head, space, rest = base.partition(" ")
    stem = head[:-1] if head.endswith("e") else head
    past = stem + "ed"
    if head.endswith("y") and head[-2] not in "aeou":
        past = head[:-1] + "ied"
    return past + space + rest, past + space + rest, stem + "ing" + space + rest


def _third(base: str) -> str:
    head, space, rest = base.partition(" ")
    if head.endswith(("s", "sh", "ch", "z")):
        head += "es"
    elif head.endswith("y") and head[-2] not in "aeou":
        head = head[:-1] + "ies"
    else:
        head += "s"
    return head + space + rest


def _verb(entry: str, link: str) -> Verb:
    base, *forms = entry.replace("_", " ").split(":")
    passive = not base.endswith("-")
    base = base.rstrip("-")
    past, part, ing = _regular(base)
    if forms:
        past, _, part = forms[0].partition("/")
        ing = forms[1]
    return Verb(base, _third(base), past, part or past, ing, link, passive)


def _lines(table: dict[str, str], act: str) -> tuple[str, ...]:
    return tuple(table[act].splitlines()) if act in table else ()


def _frame(line: str) -> Frame:
    act, family, fits, content, verbs, link = line.split("|")
    return Frame(
        act,
        family,
        fits,
        content,
        tuple(_verb(entry, link) for entry in verbs.split()),
        _lines(_STATEMENTS, act),
        _lines(_QUESTIONS, act),
        _lines(_DOER_QUESTIONS, act),
        _lines(_TARGET_QUESTIONS, act),
    )


FRAMES = tuple(_frame(line) for line in _ACTS.splitlines())

# Families whose acts may pass for one another: whether "A forced B to leave" answers "What did A
# ask B to do?" is open, so it is not asked.
_NEAR = tuple(
    line.split()
    for line in """request force persuade invite
give grant sell lend repay fine promise offer
accuse criticise mock suspect
punish fine sue
praise reward
clear forgive
contact brief question consult visit
tell request invite contact brief accuse criticise praise promise offer apologise""".splitlines()
)


def are_near(one: Frame, other: Frame) -> bool:
    """Return whether two acts are too close for one to mean the absence of the other."""
    if one.act == other.act:
        return False
    families = {one.family, other.family}
    return len(families) == 1 or any(families <= set(near) for near in _NEAR)
