import pytest

from tests.support.story_pages import STORY, TITLE, kept_of, story_with

WHOLE = "The foreman told the Courier on Sunday evening that the north pier had moved."
LOST = "The foreman told the Courier on Sunday that the north pier had moved by a hand's breadth."


def sentence(markup: str) -> str:
    return story_with(
        f"<p>The foreman told the Courier on {markup} that the north pier had moved.</p>"
    )


@pytest.mark.parametrize(
    "markup",
    [
        "<time>Sunday evening</time>",
        '<time class="timestamp" datetime="2023-05-07">Sunday evening</time>',
        '<span class="timestamp">Sunday evening</span>',
        '<span class="author meta">Sunday <b>evening</b></span>',
        '<span class="share-link"><span class="link"><a href="/x">Sunday evening</a></span></span>',
        "<label>Sunday evening</label>",
        '<button type="button" class="glossary"><span>Sunday evening</span></button>',
        '<abbr title="the seventh">Sunday evening</abbr>',
        "<q>Sunday evening</q>",
        "<output>Sunday evening</output>",
        "<x-term>Sunday evening</x-term>",
        "<del>Saturday</del><ins>Sunday evening</ins>",
        "<s>Saturday</s> Sunday evening",
        '<span class="term">Sunday evening<span role="tooltip">the last day</span></span>',
    ],
)
def test_no_word_is_lost_inside_of_a_sentence(markup: str) -> None:
    assert WHOLE in kept_of(sentence(markup))


def test_words_in_elements_are_kept_at_both_ends_of_a_sentence() -> None:
    text = kept_of(
        story_with(
            '<p><span class="author">Ida Holm</span> measured the pier, which had moved on '
            "<time>Sunday evening</time>.</p>"
        )
    )
    assert "Ida Holm measured the pier, which had moved on Sunday evening." in text


@pytest.mark.parametrize(
    "outer", ["<ul><li>{}</li><li>It fell.</li></ul>", "<blockquote>{}</blockquote>"]
)
def test_words_in_elements_are_kept_in_lists_and_quotations(outer: str) -> None:
    words = WHOLE.replace("Sunday evening", '<span class="timestamp">Sunday evening</span>')
    assert WHOLE in kept_of(story_with(outer.format(words)))


def test_a_button_beside_the_sentences_is_none_of_their_words() -> None:
    text = kept_of(story_with(f"<p>{WHOLE} <button>Read aloud</button></p>"))
    assert WHOLE in text
    assert "Read aloud" not in text


@pytest.mark.parametrize(
    "markup",
    [
        '<p><div class="drop">T</div>{}</p>',
        '<p><span class="dropcap button">T</span>{}</p>',
        '<div class="cap">T</div><p>{}</p>',
        '<p><span class="lettrine">T</span> {}</p>',
        '<p><span aria-hidden="true">T</span>{}</p>',
        '<p><img alt="T" src="t.png">{}</p>',
    ],
)
def test_a_first_letter_of_its_own_belongs_to_its_word(markup: str) -> None:
    assert LOST in kept_of(story_with(markup.format(LOST[1:]), at=0))


def test_a_word_of_one_letter_is_not_joined_with_the_next() -> None:
    text = kept_of(
        story_with('<p><span class="drop">A</span> foreman of the county saw it move.</p>')
    )
    assert "A foreman of the county saw it move." in text


@pytest.mark.parametrize(
    "markup",
    [
        "<div>{}</div>",
        '<div class="paragraph">{}</div>',
        "<center><font size='3'>{}</font></center>",
        "<figure>{}</figure>",
        "<details><summary>The pier</summary>{}</details>",
        '<div class="accordion"><div class="panel"><div class="text">{}</div></div></div>',
        "<section>{}</section>",
        "<div><div><span>{}</span></div></div>",
        "{}",
        '<div class="expand"><p>{}</p></div>',
        '<p class="embedded">{}</p>',
        "<fieldset><p>{}</p></fieldset>",
    ],
)
def test_a_paragraph_is_kept_in_whatever_element(markup: str) -> None:
    text = kept_of(story_with(markup.format(LOST)))
    assert LOST in text
    assert all(text.count(each) == 1 for each in STORY)


@pytest.mark.parametrize(
    ("each", "around"),
    [
        ("<div>{}</div>", "<div>{}</div>"),
        ("{}<br><br>", '<div class="story">{}</div>'),
        ("{}<br/>\n<br/>\n", "<table><tr><td>{}</td></tr></table>"),
        ("<center>{}</center>", "{}"),
        ("<section>{}</section>", "<article>{}</article>"),
        ("<details><summary>Part</summary>{}</details>", "<article>{}</article>"),
        ("<font size=2>{}</font><p>", "{}"),
    ],
)
def test_a_story_without_paragraph_elements_is_read_whole(each: str, around: str) -> None:
    inside = f"<h1>{TITLE}</h1>" + "".join(map(each.format, STORY))
    text = kept_of(around.format(inside))
    assert all(text.count(paragraph) == 1 for paragraph in STORY)


def test_lists_in_the_cells_of_a_table_are_kept() -> None:
    rows = "<tr><th>Pier</th><th>Faults</th></tr><tr><td>North</td><td><ul><li>moved in May</li>"
    rows += "<li>cracked at its foot</li></ul></td></tr><tr><td>South</td><td><p>none</p></td></tr>"
    text = kept_of(story_with(f"<table>{rows}</table>"))
    assert all(words in text for words in ("moved in May", "cracked at its foot", "South", "none"))
    assert "Maycracked" not in text
