"""Sentence templates for events and for what surrounds them.

Slots: A acts on B, C is a third party, X is the content; `adj` and `front` are time and place.
"""

GENERAL = """{A} {past} {B}{adj} {l}{X}.
{A} {past} {B}{adj} {l}{X}.
{front}{A} {past} {B} {l}{X}.
{A} has {part} {B} {l}{X}.
{A} {adverb} {past} {B}{adj} {l}{X}.
According to {source}, {A} {past} {B}{adj} {l}{X}.
{source} said that {A} had {part} {B}{adj} {l}{X}.
It was {A} that {past} {B}{adj} {l}{X}.
{A}, {relA} {past} {B}{adj} {l}{X}, {after}.
After {ing} {B}{adj} {l}{X}, {A} {after}.
When {A} {past} {B}{adj} {l}{X}, {C} was not told.
{A}, not {C}, {past} {B}{adj} {l}{X}.
{A} {past} {B}, and not {C}, {l}{X}.
{C} confirmed that {A} had {part} {B}{adj} {l}{X}.
{A} {past} {B}{adj} {l}{X}, {source} reported.""".splitlines()
PASSIVE = """{B} was {part} by {A}{adj} {l}{X}.
{B} was {part} by {A}{adj} {l}{X}.
{front}{B} was {part} by {A} {l}{X}.
{B} has been {part} by {A} {l}{X}.
{B}, {relB} was {part} by {A}{adj} {l}{X}, {reply}.
{part} by {A}{adj} {l}{X}, {B} {reply}.
According to {source}, {B} was {part} by {A}{adj} {l}{X}.
It was {B} that was {part} by {A}{adj} {l}{X}.
{B} was {part}, not by {C} but by {A}, {l}{X}.""".splitlines()
# The pronoun, or the sentence before, says who acted.
INDIRECT = """{A} broke {itsA} silence{adj}. {ItA} {past} {B} {l}{X}.
{A} held a news conference{adj}. There {itA} {past} {B} {l}{X}.
{A} met envoys of {B}{adj}. {ItA} {past} {B} {l}{X}.
{A} turned to {B}{adj} and {past} {himB} {l}{X}.
Tired of waiting for {B}, {A} acted{adj}: {itA} {past} {himB} {l}{X}.
There was news from {A}{adj}. {C} was left alone, but {B} was {part} {l}{X}.
{A} wrote to {B}{adj}. In the letter, {B} was {part} {l}{X}.
{B} published a letter from {A}{adj}, in which {itB} was {part} {l}{X}.""".splitlines()
DENIALS = """{A} denied having {part} {B} {l}{X}.
{A} has never {part} {B} {l}{X}.
{A} has not {part} {B} {l}{X}, {source} said.
{source} denied that {A} had {part} {B} {l}{X}.
It is not true that {A} has {part} {B} {l}{X}.
{A} decided not to {base} {B} {l}{X}.
Nobody remembers {A} {ing} {B} {l}{X}.""".splitlines()
HEADLINES = ("{A} {third} {B} {l}{X}", "{B} {part} by {A} {l}{X}", "{B} is {part} by {A} {l}{X}")

SOURCES = """a source close to the talks|two officials|a leaked memo|the state news agency|
a spokesman|local radio|three people who saw the letter|a court document|a diplomat|
the evening paper|witnesses|an official who asked not to be named|the weekly review|
an internal report|a person in the room|several newspapers|an aide|the foreign press""".replace(
    "\n", ""
)
ADVERBS = "publicly|privately|formally|again|repeatedly|once more|openly|quietly|also|later|first"
AFTER = """held a news conference|gave no details|faced new protests|came in for some ridicule|
has heard nothing since|spoke of a difficult week|cancelled all other meetings|won some applause|
was in the headlines for days|left no doubt about the matter""".replace("\n", "")
REPLY = """made no comment|has not replied|gave no answer at first|appeared surprised|
kept silent for days|is said to be taking advice|reacted coolly|seemed relieved""".replace("\n", "")
PLACES = " in {P}| in {P}| at a meeting in {P}| during a visit to {P}| at a conference in {P}"
TIMES = """on {day}|on {day}|on {day}|on {d} {month}|on {month} {d}|in {month}|in {month} {year}|
in {year}|last week|yesterday|last month|last year|on {day} evening|early on {day}""".replace(
    "\n", ""
)

DISTRACTORS = """Relations between {A} and {B} have been tense since {year}.
{A} and {B} have disagreed about {topic} for years.
{B} has been struggling with {topic}.
{A} has been struggling with {topic}.
{B} has lost {money} since {month}.
{C} said it was watching events closely.
{C} has stayed out of the dispute between {B} and {A}.
{A} is due to meet {C} in {city} in {month}.
{B} is due to meet {C} in {city} in {month}.
{A} denied a report about {topic}.
{B} denied a report about {topic}.
{C} denied having anything to do with {topic}.
Experts believe that {B} has more to lose than {A}.
Few expected {A} to go this far.
Few people had heard of {topic} before {B} became involved.
The {thing} has been closed since {month}.
About {n} {people} work at the {thing}.
A poll found that {pct} percent of people were worried about {topic}.
The price of {goods} rose by {pct} percent in {month}.
{A} spent {money} on the {thing} in {year}.
{B} spent {money} on {goods} in {year}.
A spokeswoman for {A} could not be reached.
A spokeswoman for {B} could not be reached.
Both {A} and {C} were at the conference in {city}.
{B} and {C} have worked together since {year}.
{C} has no part in {deal}.
The talks about {deal} are expected to resume in {month}.
For {B}, the timing could hardly be worse.
For {A}, much depends on {deal}.
{A} has never been on good terms with {C}.
Analysts said the next step was up to {B}.
Analysts said the next step was up to {A}.
Neither {A} nor {B} wanted to comment on {topic}.
{C} lost {n} {goods2} in {year}.
The weather in {city} was fine.
{B} has {n} {people} at the {thing}.
Much of what {A} says is meant for {C}.
Nobody at the {thing} knew about {topic}.""".splitlines()
