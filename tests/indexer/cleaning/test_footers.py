import pytest

from indexer.cleaning import vocabulary as rules
from tests.support.pages import (
    BRIDGE,
    DETOUR,
    page,
    removed,
)


@pytest.mark.parametrize(
    "footer",
    [
        "© 2023 The Daily Example. All rights reserved.",
        "The views expressed in this article do not necessarily reflect the position of our site.",
        "This article was originally published by The Example.",
    ],
)
def test_what_an_outlet_says_about_itself_below_the_article_goes(footer: str) -> None:
    text = page("Bridge closes", BRIDGE, DETOUR, footer)
    assert removed(text) == [(footer, rules.FOOTER)]


@pytest.mark.parametrize(
    "last",
    [
        "The editorial staff of the newspaper, which is edited and published by a foundation, can "
        "be contacted only through a lawyer, its website said.",
        "The tweet does not necessarily reflect the views of the company, a spokesman said.",
        "Copyright law does not protect ideas, the judge said, and all rights reserved notices "
        "on the website change nothing.",
        "The editorial board of the paper resigned, and its website was taken offline.",
        "Five hours ago the first boats left the harbour.",
        "This report was published by the agency in Geneva on Monday.",
        "This story was first told by fishermen who crossed the river every day.",
    ],
)
def test_news_about_editors_and_rights_at_the_end_is_not_a_footer(last: str) -> None:
    assert removed(page("Staff walk out", BRIDGE, DETOUR, last)) == []
