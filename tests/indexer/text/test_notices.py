import pytest

from indexer.text.notices import is_consent_notice, is_paywall_notice


@pytest.mark.parametrize(
    "text",
    [
        "This site uses cookies to give you the best experience.",
        "Wir und unsere Partner speichern Cookies. Mit Ihrer Einwilligung messen wir die Nutzung.",
        "Avec votre consentement, nous et nos partenaires utilisons des cookies.",
        "By continuing to use this page you accept our cookies.",
    ],
)
def test_requests_for_consent_are_told(text: str) -> None:
    assert is_consent_notice(text)


@pytest.mark.parametrize(
    "text",
    [
        "The council said that our site uses cookies without the consent of you, its readers.",
        "Ida Holm bakes cookies for the whole quarter on Sundays.",
        "We gave our consent when you asked for the privacy of the garden.",
    ],
)
def test_sentences_of_stories_are_no_requests_for_consent(text: str) -> None:
    assert not is_consent_notice(text)


@pytest.mark.parametrize(
    "text",
    [
        "Subscribe to continue reading",
        "To continue reading, please log in or subscribe.",
        "You have 2 free articles remaining this month.",
        "Start your free trial today. Cancel anytime.",
        "Dieser Artikel ist nur für Abonnenten. Schon Abonnent? Hier anmelden.",
        "Il vous reste 75 % de cet article à lire. La suite est réservée aux abonnés.",
        "¿Ya eres suscriptor? Inicia sesión",
    ],
)
def test_invitations_to_subscribe_are_told(text: str) -> None:
    assert is_paywall_notice(text)


@pytest.mark.parametrize(
    "text",
    [
        "Subscribe to the fund and you own a share of the bridge, which is to be sold in spring.",
        "Members only heard of the plan on Monday.",
        "Get unlimited access to the harbour, the mayor told the owners of the ferries.",
        "Already a subscriber of the library, he read on.",
    ],
)
def test_sentences_of_stories_are_no_invitations(text: str) -> None:
    assert not is_paywall_notice(text)
