"""Does a recurring line speak about its outlet, or does it report news?

Outlets repeat sentences of their stories too ("She did not respond to a request for comment"). So a
line that recurs in the middle of articles must invite the reader, credit somebody or speak of the
page itself, and reported speech counts against every line. The vocabulary is general web English.
"""

import re

_REPORTED = re.compile(
    r"\b(?:said|says|told|announced|according to|argued|added|wrote|reached out|"
    r"request(?:s|ed)? (?:\w+ ){0,2}comment|declined to|"
    r"did(?: not|n['’]t) (?:immediately )?(?:respond|reply|return|answer)|"
    r"(?:not|no) immediate(?:ly)? (?:respond\w*|response|comment\w*))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”«»„]")

_PLATFORMS = (
    r"(?:twitter|facebook|instagram|threads|bluesky|tiktok|whatsapp|youtube|social media|x)"
)
_PAGE = (
    r"\bth(?:is|e) (?:story|article|report|column|page|piece|post|transcript|video|file)(?:['’]s)?"
)
_TO_THE_READER = (
    r"\b(?:click|tap) (?:here|on|to|for|the|below|this)\b|^\W{0,3}(?:click|tap|subscribe)\b",
    r"\bsign(?:ing)?[- ]?up\b|\bsubscri(?:be|ber|bers|ption|ptions)\b|\bunsubscribe\b",
    r"\bnewsletters?\b|\b(?:your|our) inbox\b|\be-?mail alerts?\b|\breal-time updates\b",
    rf"\b(?:follow|like|join|find|share|connect|friend|tweet)\b.{{0,60}}\b{_PLATFORMS}\b",
    r"\bfollow (?:us|me|him|her|them)\b|\bshare this\b|\bshare the (?:article|story|page|post)\b",
    r"\b(?:get|download) .{0,40}\bapp\b|\bplay the .{0,40}\b(?:puzzle|crossword)\b",
    r"\blisten to (?:the|our|this|more)\b.{0,60}\bpodcasts?\b|\bget your podcasts\b",
    r"\bneed a (?:news )?break\b|\bcheck your local forecast\b|\btake .{0,30}\bnews quiz\b",
    r"\b(?:support|help (?:us )?fund) .{0,20}\bjournalism\b|\b(?:got|have) a (?:news )?tip\b",
    r"\bsend (?:us )?(?:a |your )?(?:tips?|letters|questions|news)\b|\bcontact us\b",
    r"^\W{0,3}(?:reach|contact|e-?mail) \b|^\W{0,3}(?:read more|see also)\b",
    r"\b(?:read|see|click for) more (?:from|at|stories|here|news)\b",
    r"\bfor (?:all )?(?:the )?(?:more|latest)\b.{0,60}\b(?:visit|go to|follow|click)\b",
)
_CREDITS = (
    r"\B@\w{2,}|\b[\w.+-]+@[\w-]+\.\w{2,}|https?://|\bwww\.|\b[\w-]+\.(?:com|org|net)/?\b",
    r"©|\(c\) ?\d{4}|\bcopyright\b|\ball rights reserved\b|\breprint (?:permission|rights)\b",
    r"\bcontribut(?:ed|ors?|ing) to th(?:is|e) (?:report|article|story|piece|column)\b",
    r"^\W{0,3}(?:contributing|contributors?) ?:|^[^.]{3,40} contributed\W*$",
    r"\b(?:staff|post) (?:and|with) wire\b|\bwire (?:reports?|services?)\b",
    r"^\W{0,3}with (?:post |staff )?wires?\W*$|^\W{0,3}special (?:to|for) (?-i:[A-Z])",
    r"^\((?:[^()]*\b(?:photo|illustration)\b[^()]*|[^()]*/(?:reuters|ap|afp|getty images))\)$",
    r"\btoggle caption\b|\bmedia (?:caption|playback)\b|\bimage (?:copyright|caption|source)\b",
    r"^\W{0,3}(?:advertisement|pullquote|slideshow)\b|^(?:next|prev) image \d",
)
_ABOUT_THE_PAGE = (
    rf"{_PAGE} (?:has been|have been|was|is|will be|contains|originally|first|appear\w*|"
    r"may contain|includes)\b",
    r"\bth(?:is|e) (?:article|story) was published\b|\ba version of this (?:article|story)\b",
    r"\beditor['’]s note\b|\bfact[- ]check (?:work|sources)\b|\brush transcript\b",
    r"\b(?:opinions?|views) (?:expressed|in this)\b|\bopinion contributors?\b",
    r"\badvertis(?:e|ing|ement|ements)\b|\b(?:sponsored|promoted) (?:content|by)\b",
    r"\b(?:story|article) continue[sd]? (?:below|after)\b|\bcontinue[ds]? (?:reading|below)\b",
    r"\bearn .{0,80}\b(?:commission|revenue)s?\b|\brecommendations are independently\b",
    r"\bcookies\b|\bprivacy (?:policy|notice)\b|\bterms of (?:use|service)\b|\brecaptcha\b",
    r"\bnot a robot\b|\bcontent partner\b",
)
_ROLES = (
    r"(?:reporter|columnist|correspondent|editor|writer|contributor|journalist|producer|author)"
)
_AT_THE_EDGE = (
    rf"\b(?:is|was) (?:an?|the|[\w ]{{1,30}}['’]s?) (?:[^.]{{0,80}} )?{_ROLES}\b",
    r"\bcovers \b.{1,80}\bfor\b|\bis (?:a|the) host of\b",
    r"\bgrants? from\b|\bfunded (?:in part )?by\b",
    r"\bis an? (?:\w+ ){0,2}(?:column|newsletter|series|podcast)\b|\bpodcast\b",
    r"\bour (?:readers|audience|journalists|reporters|material|website|coverage|app)\b",
)
_NO_NEWS = re.compile("|".join((*_TO_THE_READER, *_CREDITS, *_ABOUT_THE_PAGE)), re.IGNORECASE)
_NO_NEWS_AT_EDGE = re.compile("|".join(_AT_THE_EDGE), re.IGNORECASE)

_WORD = re.compile(r"\w+")
_HOST = re.compile(r"[\w.-]+\.[a-z]{2,}")
_SECOND_LEVEL = frozenset("ac co com gov net org".split())
# "Larne, Norland PLANET —" says where a story was written; the outlet's name alone says nothing.
_DATELINE = re.compile(r"\w\W+\w.*[–—-]\s*$")
_NAME_MIN_CHARS = 3
_NAME_WORDS = 4
_NAMED_MAX_WORDS = 12


def reports_news(line: str) -> bool:
    """Tell whether a line reports what somebody said or did not say.

    >>> reports_news("The White House did not immediately respond to a request for comment.")
    True
    """
    return bool(_REPORTED.search(line))


def quotes_somebody(line: str) -> bool:
    """Tell whether a line has quotation marks in it."""
    return bool(_QUOTED.search(line))


def is_service(line: str, outlet: str) -> bool:
    """Tell whether a line invites the reader, credits somebody or speaks of the page or outlet.

    >>> is_service("Sign up for our newsletter.", "The Example")
    True
    >>> is_service("Special thanks to Example staff", "example.com")
    True
    >>> is_service("The storm moved north on Monday.", "The Example")
    False
    """
    if _NO_NEWS.search(line):
        return True
    short = len(_WORD.findall(line)) <= _NAMED_MAX_WORDS
    return short and _names(line, outlet)


def is_service_at_edge(line: str, outlet: str) -> bool:
    """Tell whether a line that stands below articles introduces an author or the outlet.

    >>> is_service_at_edge("Ann Other is a staff writer.", "The Example")
    True
    """
    return bool(_NO_NEWS_AT_EDGE.search(line)) or _names(line, outlet)


def _names(line: str, outlet: str) -> bool:
    """Tell whether a line has the outlet's name in it, however it is spaced, but capitalised."""
    if _DATELINE.search(line):
        return False
    name = "".join(_WORD.findall(_site(outlet.casefold())))
    words = _WORD.findall(line)
    return len(name) >= _NAME_MIN_CHARS and any(
        words[first][0].isupper() and "".join(words[first : first + length]).casefold() == name
        for length in range(1, _NAME_WORDS + 1)
        for first in range(len(words) - length + 1)
    )


def _site(outlet: str) -> str:
    """Return the name in the name of a host: `planet` of `news.planet.co.uk`."""
    if not _HOST.fullmatch(outlet):
        return outlet
    labels = outlet.split(".")[:-1]
    return labels[-2] if labels[-1] in _SECOND_LEVEL and len(labels) > 1 else labels[-1]
