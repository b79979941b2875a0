import pytest

from tests.support.story_pages import STORY, TITLE, kept_of, paragraphs, story_with

NOTICE = paragraphs(
    "We and our 12 partners use cookies to store data on your device, and to choose what you see.",
    "You may change your choices in the privacy settings, where our list of cookies is.",
    "Without your consent we store only what the pages need, such as the size of your letters.",
)
TEASER = "The depot number {i} said on Friday that its gate stays shut until the snow has gone."


@pytest.mark.parametrize(
    "box",
    [
        '<div class="cookie-banner">{}<button>Accept all</button></div>',
        "<section>{}</section>",
        '<div id="cmp"><div><h2>Your privacy</h2>{}</div><div><button>Reject</button></div></div>',
    ],
)
@pytest.mark.parametrize("length", [2, 4])
def test_a_request_for_consent_is_no_story(box: str, length: int) -> None:
    story = f"<article><h1>{TITLE}</h1>{paragraphs(*STORY[:length])}</article>"
    for body in (box.format(NOTICE) + story, story + box.format(NOTICE)):
        text = kept_of(body)
        assert all(each in text for each in STORY[:length])
        assert not any(words in text for words in ("partners", "choices", "consent"))


def test_a_story_about_consent_is_kept() -> None:
    fined = (
        "The office fined the Courier because its site stored cookies without consent of readers."
    )
    assert fined in kept_of(story_with(f"<p>{fined}</p>"))


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="paywall"><h2>Subscribe to keep reading</h2><p>Not a subscriber?</p></div>',
        "<section><h3>This story is for subscribers only</h3><p>Cancel anytime.</p></section>",
        "<p>You have reached your limit of free articles. Create a free account today.</p>",
    ],
)
def test_an_invitation_to_subscribe_is_not_kept(markup: str) -> None:
    text = kept_of(story_with(markup, at=4))
    assert text.endswith(STORY[-1])


def test_a_story_inside_of_a_box_named_after_its_price_is_kept() -> None:
    body = f'<div class="paywall premium"><h1>{TITLE}</h1>{paragraphs(*STORY)}</div>'
    assert all(each in kept_of(body) for each in STORY)


def stream(item: str, box: str) -> str:
    return box.format("".join(item.format(i=i, text=TEASER.format(i=i)) for i in range(1, 21)))


@pytest.mark.parametrize(
    "markup",
    [
        stream('<li><h3><a href="/{i}">News {i}</a></h3><p>{text}</p></li>', "<ul>{}</ul>"),
        stream(
            '<div class="c"><a href="/{i}"><h3>News {i}</h3></a>{text}</div>',
            "<section>{}</section>",
        ),
        stream(
            "<li><span>{i}/20</span><h3>Depot {i}</h3><p>{text}</p></li>",
            '<div class="gallery"><ul>{}</ul></div>',
        ),
    ],
    ids=["list of teasers", "cards", "gallery"],
)
def test_other_stories_beside_the_story_are_left_out(markup: str) -> None:
    story = f'<div class="story">{paragraphs(*STORY)}</div>'
    for body in (
        f'{markup}<div id="story"><h1>{TITLE}</h1>{story}</div>',
        f'<div id="story"><h1>{TITLE}</h1>{story}</div>{markup}',
        f'<div id="main"><h1>{TITLE}</h1>{markup}{story}</div>',
    ):
        text = kept_of(body)
        assert all(each in text for each in STORY)
        assert "depot number 7" not in text


def test_a_gallery_that_is_the_story_is_read() -> None:
    slides = stream(
        "<li><h3>Depot {i}</h3><p>{text}</p></li>", '<div class="gallery"><ul>{}</ul></div>'
    )
    assert "depot number 7" in kept_of(f"<h1>Twenty depots</h1>{slides}")
