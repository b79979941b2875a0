"""Marks that assert no more than their sentence does.

In "Rusk denied that the navy had sunk a boat" the mark "a boat" would say the opposite. So a mark
grows to its whole sentence if a cue stands outside it: a word that denies, doubts or conditions.
A cue is let pass if the question has one of its kind: "a boat" answers "What did Rusk deny to have
sunk?". Where a cue reaches is not parsed, which was tried and did not generalise.

The list is wide, since an exact mark that misleads is worse than a broad one. docs/quality.md has
what shorter lists cost. Words that are far more often something else are left out or in one form.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from indexer.documents import Span
from indexer.store import StoredPassage
from indexer.text.analyzer import fold, terms
from retrieval.answering.features import answer_kind
from retrieval.answering.withdrawn import values_of

# Cues by kind, in all their inflections; one form only if it ends in "=". Words joined by "_" are
# adjacent; where "~" joins them, up to three others may come between.
_CUES: Final = {
    "negation": """
        not no never nobody none nothing nowhere neither nor cannot without hardly= scarcely barely=
        rarely= seldom few little lack absent absence except= excluding= instead_of rather_than
        far_from anything_but but_for other_than unable inability impossible unlikely= improbable
        inconclusive insufficient scant unproven unconfirmed unverified unsubstantiated unsupported
        unclear unknown uncertain doubt dubious question_whether open_question sceptical skeptical
        yet_to remain_to_be cease abstain refrain ineligible exempt immune_to unaware unharmed
        unhurt uninjured untouched unaffected innocent devoid too~to uncorroborated untested
        unproved bereft reluctant unwilling incapable powerless unanswered unsold unopened unused
        unsigned hard_to
    """,
    "denial": """
        deny= denies= denied= denying= denial reject dismiss refute rebut rebuttal repudiate disavow
        disown disclaim dispute contested= contests= contradict disagree disbelieve disprove
        discredit debunk belie scoff mock ridicule rubbished= scotched= quash rule~out wave~away
        wave~aside brush~off brush~aside shrug~off laugh~off shot_down_suggestion play~down downplay
        push~back hit_back take_issue took_issue distance_himself distance_herself distance_itself
        retract recant backtrack row_back apologise apologize corrected= correction= corrections=
        exonerate cleared= vindicate withdraw withdrew withdrawn dispel allay quell countered=
        cold_water bat~away swat~aside wave~off shot_down_claim shot_down_talk shot_down_rumour
        shot_down_report gainsay disassociate dissociate
    """,
    "falsehood": """
        false falsehood falsify untrue hoax baseless groundless unfounded myth mythical legend=
        wrong mistake mistaken mistook erroneous error incorrect inaccurate mislead misled misreport
        misstate misquote misinform disinformation misrepresent misunderstand misunderstood
        misconception misidentify misattribute miscaption mistranslate misread misheard fallacy
        distort fabricated= fabricates= fabrication= fabrications= invent concoct make~up made~up
        forgery forged= forges= fake bogus phony phoney sham spurious counterfeit doctored=
        photoshop deepfake computer-generated ai-generated staged= feign pretend pretence pretense
        pose_as masquerade impostor lied= liar a_lie lies_about deceive dupe trick hallucinate
        fiction fictitious in~novel in~film in~movie in_the_play in~sitcom in~series in_the_game
        satirical parody spoof prank joke imaginary imagine fantasy dream dreamt delusion illusion
        contrary propaganda bluff nonsense absurd exaggerate conspiracy_theory simulate hypothetical
        typo misprint mislabel miscalculate miscount premature fraudulent confuse rigged= pretext
        guise disguise nightmare reenact re-enact rehearse in~exercise in~drill in~cartoon
        in~musical fable tale superstition
    """,
    "intent": """
        threat threaten ultimatum attempt try effort_to fail failure refuse decline_to plan plot
        scheme conspire seek sought want wish hope aim intend intention urge ask request demand
        order= ordered= orders= instructed= call_on call_for appeal= appealed= appeals= beg plead
        petition lobby insist_that offer propose suggest recommend advise consider weigh mull ponder
        contemplate toy_with flirt_with floated= eyed= tempt debate vow pledge promise swear swore
        warn fear worry expect predict forecast prophesy prophecy foresee foresaw anticipate prepare
        ready_to poised slated= set_to scheduled_to about_to brink verge bid_to bid_for keen_to
        eager_to willing_to determined_to meant_to yearn long_to draft_law draft_bill draft_deal
        draft_resolution tip_to shortlist moot envisage envision projected= vie push_for press_for
        campaign_for campaign_to pressured= pressure_to invite encourage commanded= persuade told~to
        authorised= authorized= apply_for await tentative bet gamble at_risk in_danger dread
        long_for hesitate
    """,
    "condition": """
        would could might may= should ought if unless lest whether provided_that as_long_as
        so_long_as as_soon_as on_condition condition_that in_case in_the_event contingent
        conditional= hinge subject_to pending barring= depends= Had= Were= otherwise assuming_that
        supposing= possible potential perhaps maybe probably likely= likelihood only_after only_when
        only_once conceivable= conceivably=
    """,
    "hearsay": """
        allege claim accuse rumour rumor suspicion suspects= suspected= reportedly= report_that
        purport ostensible supposed so-called speculate gossip hearsay hint insinuate imply
        conjecture theory_that one_theory theorise theorize hypothesis hypothesise hypothesize
        believe belief think= thinks= thought= assume assumption presume apparently appear_to seem
        guess wonders= wondered= is_said_to are_said_to was_said_to were_said_to reputed= reputedly=
        folklore charged_with indict sued= sues= lawsuit contend assert argue testify told_police
        told_the_court told_a_court told_investigators blame implicated= incriminate insist
        maintain_that professes= professed= boast brag reckon convinced= story_goes report_of
        report_said some_say
    """,
    "source": """
        anonymous unnamed unidentified plaintiff whistleblower tabloid sources_say sources_said
        insider= insiders= prosecutor defendant= defendants= critics= critic= opponents= opponent=
        detractor supporters= supporter= rebels= suspect= state_television state_tv state_media
        conspiracist complaint charge_sheet
    """,
    "undone": """
        cancel call~off turn~down turn~away vote~down voted_against strike~down struck~down
        throw~out threw~out thrown~out shelved= shelving= scrap= scrapped= scraps= axed= ditched=
        drop~charge drop~case drop~bid abandon mothball postpone put~off put_on_ice on_hold suspend
        halt stop stall block veto overturn overrule annul void nullify revoke rescind repeal undo
        undone acquit acquittal pardon prevent avert avoid foil thwart frustrate hinder hamper
        impeded= impedes= stymie deter dissuade barred= ban forbid forbade forbidden prohibit
        disallow withhold withheld exclude omit spare= spared= escape evade elude dodge skip boycott
        neglect forget forgot forgotten forgo forwent waive give~up gave~up given~up back~out
        pull~out pull~back oppose object_to unsuccessful vain futile fruitless abortive= aborted=
        misses= missed= narrowly= almost nearly= short_of come_close came_close came_within
        fall_through fell_through fallen_through fall~apart fell~apart
        break~down broke~down broken~down talks~collapsed deal~collapsed bid~collapsed botch bungle
        rebuff spurn snub defeat~bill defeat~motion lapse intercept renege disqualify defuse
        unfinished incomplete unpaid unfulfilled scupper derail torpedo repel fend_off ward_off
        keep~from kept~from fall~short fell~short shy_of within_an_inch left~out pass_over overlook
        hold_off held_off hold_back held_back ill-fated doom dropped_out fizzle shun outlaw unsolved
        misfire outvote sabotage reverse lifted= strip~of was_dropped were_dropped been_dropped
        set_aside take~back took~back taken~back turned_out
        roll_back expire forfeit relinquish all_but everyone_but
    """,
}
# Idioms that deny nothing.
_HARMLESS: Final = """
    not_only not_just not_merely not_simply not_least no_doubt without_doubt no_wonder nothing_but
    nothing_short_of if_anything if_not no_sooner none_other_than make_up_of made_up_of
    be_considered is_considered are_considered was_considered were_considered been_considered
    in_order a_few last_few past_few next_few first_few a_little non-stop widely_considered
    often_considered generally_considered considered_to_be considered_as considered_one_of
"""
# Also with what is invisible in it, and over the end of a line.
_WORD: Final = re.compile(
    "\\w+(?:(?:['’‘ʼ＇´]|[-\u2010\xac](?:[^\\S\r\n]*+[\r\n]\\s*+)?"
    "|[\xad\u200b-\u200f\u2060\ufeff]++(?:[\r\n]\\s*+)?)\\w+)*"
)
_NT: Final = re.compile(r"n['’‘ʼ＇´]t$", re.IGNORECASE)


def marked(question: str, stored: StoredPassage, highlight: Span) -> Span:
    """Return the span to mark: the highlight, or its sentence if that has a cue outside it.

    A question for yes or no is answered by the whole sentence, which asserts or denies it. The
    mark in a sentence that withdraws something stays as it is, beside that.

    Args:
        question: what was asked.
        stored: passage of the highlight.
        highlight: span of the answer in the document.
    """
    asked = {kind for kind, _ in cues(question)}
    held = [span for span in stored.passage.sentences if span.overlaps(highlight)]
    reach = [highlight, *held]
    whole = Span(min(span.start for span in reach), max(span.end for span in reach))
    if any(span.overlaps(whole) for span in values_of(stored).withdrawn):
        return highlight
    if answer_kind(question) == "yes_no":
        return whole
    for sentence in held:
        for kind, cue in cues(stored.slice(sentence), sentence.start):
            if kind not in asked and not highlight.contains(cue):
                return whole
    return highlight


def cues(text: str, start: int = 0) -> Iterator[tuple[str, Span]]:
    """Yield the kind and the span of each cue of a text that begins at `start`, in order."""
    line, places = "", {}
    for match in _WORD.finditer(text):
        for stem in _stems(match.group()):
            places[len(line)] = start + match.start()
            line += f"{stem} "
            places[len(line) - 1] = start + match.end()
    for found in _pattern().finditer(line):
        if found.lastgroup:
            yield found.lastgroup, Span(places[found.start()], places[found.end()])


def _stems(word: str) -> list[str]:
    word = fold(word)
    # "Had he known" is a condition, "he had known" is none; "May" is a month.
    form = word if word in ("Had", "Were", "May") else word.lower()
    return [f"{form}_"] if form in _forms() else terms(_NT.sub(" not", word))


@cache
def _forms() -> frozenset[str]:
    words = " ".join(_CUES.values()).split()
    return frozenset(word.removesuffix("=") for word in words if word.endswith("="))


@cache
def _pattern() -> re.Pattern[str]:
    """Return the pattern of cues in stems: a group for each kind, none for harmless idioms."""
    kinds = "|".join(f"(?P<{kind}>{_alternatives(cues)})" for kind, cues in _CUES.items())
    harmless = rf"{_alternatives(_HARMLESS)}|(?:no|almost|nearly_) \d+"
    return re.compile(rf"(?<!\S)(?:{harmless}|{kinds})(?= )")


def _alternatives(cues: str) -> str:
    return "|".join(
        r"(?: \S+){0,3} ".join(
            " ".join(stem for word in part.split("_") for stem in _stems(word))
            for part in cue.removesuffix("=").split("~")
        )
        for cue in cues.split()
    )
