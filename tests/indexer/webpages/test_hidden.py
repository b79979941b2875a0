import pytest

from tests.support.story_pages import STORY, kept_of, paragraphs, story_with

LINE = "Toll tickets cost 900 crowns, says a line that no reader sees."
SHEET = (
    "<style>/* none */ .trap, p.trap2 {display:none} #trap {display: none !important}"
    "@media print {.printed {display:none}}</style>"
)


@pytest.mark.parametrize("at", [2, 4])
@pytest.mark.parametrize(
    "markup",
    [
        "<p hidden>{}</p>",
        "<div hidden><p>{}</p></div>",
        '<p style="DISPLAY : none">{}</p>',
        '<p style="visibility:hidden">{}</p>',
        '<p style="position:absolute; left:-9999px">{}</p>',
        '<p style="font-size:0">{}</p>',
        '<p style="height:1px;width:1px;overflow:hidden">{}</p>',
        '<p aria-hidden="true">{}</p>',
        '<p class="visually-hidden">{}</p>',
        '<span class="sr-only" aria-hidden="true">{}</span>',
        '<p class="d-none">{}</p>',
        '<p class="trap">{}</p>',
        '<p class="trap2">{}</p>',
        '<p id="trap">{}</p>',
        "<template><p>{}</p></template>",
        "<noscript><p>{}</p></noscript>",
        "<dialog><p>{}</p></dialog>",
    ],
)
def test_what_no_reader_sees_is_not_read(markup: str, at: int) -> None:
    text = kept_of(story_with(markup.format(LINE), at), SHEET)
    assert "Toll tickets" not in text
    assert all(each in text for each in STORY)


@pytest.mark.parametrize(
    "markup",
    [
        '<p class="printed">{}</p>',
        '<p class="d-none d-md-block">{}</p>',
        '<p hidden="until-found">{}</p>',
    ],
)
def test_what_some_screens_or_a_click_show_is_read(markup: str) -> None:
    assert LINE in kept_of(story_with(markup.format(LINE)), SHEET)


def test_hidden_words_inside_of_a_sentence_are_not_read() -> None:
    words = 'The pier moved on <span style="display:none">some other</span>Sunday, as they all saw.'
    assert "The pier moved on Sunday, as they all saw." in kept_of(story_with(f"<p>{words}</p>"))


def test_a_story_that_a_script_would_show_is_read() -> None:
    body = f'<main style="opacity: 0"><h1>Old bridge closes</h1>{paragraphs(*STORY)}</main>'
    text = kept_of(body)
    assert all(each in text for each in STORY)
