from indexer.cleaning import vocabulary as rules
from indexer.cleaning.cleaner import clean
from tests.support.pages import (
    BRIDGE,
    DETOUR,
    MAYOR,
    headline,
    kept,
    page,
    removed,
)

MENU = "\n".join(
    ["* Home", "* News", "* Sports", "* Weather", "* Contact", "* Subscribe", "* Log in"]
)
PAGE = page(
    MENU,
    "# Old bridge closes for repairs",
    BRIDGE,
    DETOUR,
    "We use cookies to improve your visit, and our partners do so too.",
    MAYOR,
    "* Ferry to sail again",
    "* Harbour board elects chair",
    "© 2023 The Example. All rights reserved.",
    MENU,
)


def test_the_menu_of_a_web_page_goes_and_its_article_stays() -> None:
    menu = "\n".join(f"  * {word}" for word in "Home News World Sports Opinion Weather".split())
    links = "\n".join(f"  * {word}" for word in ("About us", "Careers", "Privacy", "Help"))
    article = page(BRIDGE, DETOUR, MAYOR)
    text = page("Daily Example", menu, "# Old bridge closes for repairs", article, links)
    assert kept(text) == page("# Old bridge closes for repairs", article)
    assert headline(text) == "# Old bridge closes for repairs"
    assert {reason for _, reason in removed(text)} == {rules.NAVIGATION}


def test_the_article_is_found_between_menus_and_the_page_says_why_the_rest_is_left_out() -> None:
    assert kept(PAGE).split("\n")[0] == "# Old bridge closes for repairs"
    for sentence in (BRIDGE, DETOUR, MAYOR):
        assert sentence in kept(PAGE)
    assert "Weather" not in kept(PAGE)
    assert "rights reserved" not in kept(PAGE)
    assert all(region.reason for region in clean(PAGE).regions if not region.kept)
