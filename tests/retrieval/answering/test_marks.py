"""Marks: they take in the words that govern the answer, and no others.

In the examples the reader's answer is in square brackets, the widened mark in braces.
"""

import pytest

from indexer.documents import Span
from retrieval.answering.marks import widened

GOVERNED = [
    # negation before the answer
    "Officials said the ship {did not carry [grain]} to Odesa.",
    "The bank {has never lent money to [the Harper group]}.",
    "The bridge {is no longer open to [lorries]}.",
    "Inspectors {didn’t find [explosives]} in the van.",
    "There {is no evidence that [the mayor]} took a bribe, the inquiry found.",
    "{Nobody at the ministry approved [the export licence]}.",
    "{Neither the army nor [the police]} fired that night.",
    "The firm paid {without admitting [fraud]}.",
    "They sent blankets {instead of [tents]}.",
    "It was the cook, {not [the gardener]}, who rang.",
    "The village {is not, according to the mayor, linked to [the grid]}.",
    # negation after a subject
    "{[Norway] did not sign} the treaty.",
    "{[The rebels] never controlled} the port.",
    "{[Smith], 45, did not take} the money.",
    "{[The treasurer] denied stealing} the money.",
    "{[The union] failed to win} the vote.",
    # denial and doubt with a complement
    "The minister {dismissed allegations that [the army]} shelled the hospital.",
    "He {denied having met [the ambassador]}.",
    "She {denied that her brother, a banker, had paid [five million euros]}.",
    "The club {rejected reports that it had sold [its captain]}.",
    "The company {refused to recall [the heaters]}.",
    "Experts {doubt that the vaccine causes [asthma]}.",
    "{The court threw out claims that [the editor]} had lied.",
    "Analysts {ruled out [an invasion]}.",
    "They {asked whether [the pilot]} had been drinking.",
    # falsehood
    "{It is false that [the queen]} owned the mine.",
    "The paper {wrongly reported that the fire had killed [twelve people]}.",
    "{The rumour that [Ankara] had closed the border was untrue}.",
    "{Claims that [the dam] had burst were later retracted}.",
    "{It is a myth that [bulls]} hate red.",
    # attempt, threat, condition
    "The general {threatened to bomb [the refinery]}.",
    "The gang {tried to rob [a jeweller]}.",
    "{If the talks collapse, [the airline]} will close.",
    "{Unless rain comes, farmers will lose [half the harvest]}.",
    "The tax {would have cost [two billion pounds]}.",
    "{[The airline] will close if the talks collapse}.",
    # denial after the clause
    "The envoy had met {[the militia’s leader], which he denies}.",
    "The chief took {[a bribe of $500], a claim his lawyer rejected}.",
    "{[The parade] was cancelled} on Friday.",
    "Police said {[the cook] was the killer, but that was later found to be false}.",
    "The film says {[Lewis] invented the engine, although historians dispute this}.",
    # report, wish, frame
    "{The farmer suspects that [the vet]} stole the bull.",
    "{Rebels say [nine ships]} were sunk.",
    "The school {wants to buy [a bus]}.",
    "The lawyer {asked the judge to free [the painter]}.",
    "The trader {is accused of burning [the mill]}.",
    "The council {stopped short of sacking [the coach]}.",
    "{In the play, [the baker]} shoots the king.",
    "{Were the dam to break, [two towns]} would drown.",
]

UNGOVERNED = [
    # the cue is no negation
    "The plan hurt not only [farmers] but also shops.",
    "The plan hurt not just [farmers] but shops.",
    "The prime minister lives at No. 10, beside [the treasury].",
    "No doubt [the storm] sank the ferry.",
    "No fewer than [300 people] died.",
    "It opens no later than [Monday].",
    "The fire started not far from [Leeds].",
    "The chief knew notable people in [Paris].",
    # another clause
    "He was not at home, and police arrested [his son] in Leeds.",
    "Police, who did not name the victim, arrested [his son].",
    "The vote did not pass because [Malta] abstained.",
    "The court rejected his appeal and fined him [500 dollars].",
    "The firm denied the charge, saying its chief was in [Rome] that day.",
    "It did not rain; [the crops] died.",
    "The talks failed, but [Egypt] will try again.",
    "The army took not the port but [the airfield].",
    "Without naming anyone, he blamed [the banks].",
    "[The envoy] said he did not know the way.",
    "[The envoy] left Cairo and did not return.",
    "She met [the envoy], who refused to speak.",
    "Smith, who denied the charges, was jailed for [three years].",
    # another sentence
    "It did not rain. [The crops] died.",
    "[The crops] died. It did not rain.",
    "Mr. Jones denied it. His wife paid [the fine].",
    # holders of what is said, and other senses
    "[The envoy] claimed that the ship had sailed.",
    "There was no riot like those that were seen in [Leeds].",
    "It pleaded not guilty to [three counts].",
    "She told the story of [Disney].",
    "The rose is nothing more than [a weed].",
    # questions and questioners
    "Why [the bridge] fell is unclear to no engineer.",
    "Which minister knows what [the bridge] cost?",
    # the answer has the cue
    "The bank said it [did not lend money] to anyone.",
    "The minister [denied the report].",
    "He said [if it rains, the match ends].",
    # long distances
    "The committee did not meet in the old hall near the river that runs through the middle of the "
    "town in which the famous painter of horses and boats once lived with [three dogs].",
]


def marked(example: str) -> tuple[str, Span, str]:
    """Return the text of an example, the answer in it, and the expected words."""
    text = example.translate(str.maketrans("", "", "[]{}"))
    plain = example.replace("{", "").replace("}", "")
    start, end = plain.index("["), plain.index("]") - 1
    if "{" not in example:
        return text, Span(start, end), text[start:end]
    bare = example.replace("[", "").replace("]", "")
    return text, Span(start, end), bare[bare.index("{") + 1 : bare.index("}")]


@pytest.mark.parametrize("example", GOVERNED + UNGOVERNED)
def test_a_mark_takes_in_what_governs_the_answer(example: str) -> None:
    text, answer, expected = marked(example)
    found = widened(text, answer)
    assert found.contains(answer)
    assert found.slice(text) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did the envoy do?", "denied taking a bribe"),
        ("What did the envoy deny?", "a bribe"),
        ("What did the envoy want?", "denied taking a bribe"),
    ],
)
def test_a_cue_that_the_question_has_is_no_part_of_the_answer(question: str, expected: str) -> None:
    text = "The envoy denied taking a bribe."
    answer = Span(text.index("a bribe"), text.index("."))
    assert widened(text, answer, question).slice(text) == expected


def test_a_mark_that_was_widened_stays() -> None:
    for example in GOVERNED:
        text, answer, _ = marked(example)
        once = widened(text, answer)
        assert widened(text, once) == once


@pytest.mark.parametrize("text", ["", "not", "…", "If, if, if", "no " * 90, "denied that, " * 40])
def test_any_text_gives_a_mark_inside_it(text: str) -> None:
    for start in range(0, len(text), 7):
        mark = widened(text, Span(start, min(start + 3, len(text))))
        assert 0 <= mark.start <= start < mark.end <= len(text)
