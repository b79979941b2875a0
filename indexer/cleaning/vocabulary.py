"""Vocabulary of boilerplate in general web English, and the reasons for removing it.

Most patterns match a whole paragraph, so that a sentence about comments, tags or editors is safe.
"""

import re

from indexer.text.dates import is_date_line, stated_dates
from indexer.text.notices import is_consent_notice, is_paywall_notice

COMMENTS = "comment section"
FORM = "form label"
RELATED = "related or recent stories"
NAVIGATION = "navigation"
SHARE = "share or tag line"
FOOTER = "footer about the outlet"
REPEATED = "repeated paragraph"
CREDIT = "credit or date line"
RECURRING = "repeated across documents of one outlet"

REASONS = (COMMENTS, FORM, RELATED, NAVIGATION, SHARE, FOOTER, REPEATED, CREDIT, RECURRING)

LABEL_MAX_CHARS = 200


def _whole(*alternatives: str) -> re.Pattern[str]:
    joined = "|".join(alternatives)
    return re.compile(rf"(?:{joined})[\s:!.*»›>…]*", re.IGNORECASE)


_COUNT = r"(?:\(?\d[\d,.]*\)?|no|one)"
_STORY = r"(?:posts?|articles?|stories|story|news|headlines|reads|content|links|coverage|videos)"
_RANK = (
    r"(?:recent|related|latest|popular|top|more|most recent|most popular|most read|similar"
    r"|recommended|further|featured|other|must[- ]read|breaking|read more)"
)

COMMENT_OPENER = _whole(
    rf"(?!no comment\b)(?:{_COUNT} )?"
    r"(?:(?:your|reader|readers['’]?|user|view|show|see|all|latest) )*"
    r"comments?(?: section)?(?: \(?\d[\d,]*\)?)?(?: (?:are )?closed)?",
    r"(?:leave|post|add|write|submit) (?:a|your) (?:reply|comment|response)(?: below)?",
    r"(?:join|start) the (?:conversation|discussion|debate)",
    rf"{_COUNT} (?:responses?|repl(?:y|ies)|thoughts?)(?: (?:to|on) .{{1,120}})?",
    r"have your say",
    r"be the first to comment.{0,40}",
    r"(?:blog )?comments powered by disqus",
)

RELATED_OPENER = _whole(
    r"related|recommended|more|read more|further reading",
    rf"{_RANK} {_STORY}(?: (?:now|today|this week|on (?:this|the) \w+))?"
    rf"(?: from [^.!?]{{1,40}})?",
    r"(?:you (?:may|might) (?:also )?(?:like|enjoy)|recommended for you|our picks)",
    r"editor['’]?s['’]? (?:picks?|choice)",
    r"(?:read|watch|see) (?:next|also)|also read|what to read next",
    r"(?:most|trending) (?:read|viewed|shared|popular|watched|commented|now)",
    r"(?:around|from) the web",
    r"(?:sponsored|promoted|partner) (?:content|stories|links|by \w+)",
)

RELATED_HEADING = _whole(
    r"more (?:from|in|on|about) [^.!?]{1,50}",
    r"don['’]?t miss|in other news|in case you missed it|(?:coming )?up next|trending",
)
"""May also be an ordinary subheading: opens a list only if several headlines follow."""

RELATED_LINE = re.compile(
    r"(?:related|read(?: more| also| next)?|see also|also read|watch|more on this|more|"
    r"recommended|you may (?:also )?like)\s?(?::|[»›>|]|–|—)\s?\S",
    re.IGNORECASE,
)

_TEASER_LABEL = (
    rf"(?:related(?: (?:reading|video|{_STORY}))?|(?:see|read|watch|listen) (?:also|next)"
    r"|(?:also|must) (?:read|see|watch)|read (?:more|this|on)|(?:learn|find out) more|more on this"
    rf"(?: (?:topic|{_STORY}))?|(?:dig|go) deeper|further reading|recommended(?: reading)?"
    rf"|you (?:may|might|will) (?:also )?like|don['’]t miss|more (?:from|{_STORY})"
    r"|read the (?:whole|full|rest of the) (?:story|article|report)(?: here)?)"
)
_WEAK_TEASER_LABEL = (
    r"(?:read|watch|listen|see|more|video|opinion|analysis|explainer|fact[- ]check"
    r"|in (?:pictures|photos)|what to know)"
)
_TEASER = re.compile(
    rf"(?:{_TEASER_LABEL}\s?[:»›>|–—]|{_WEAK_TEASER_LABEL}\s?[:»›>|](?!.*\.[\s\"'”’)]*$))"
    r"\s?(?=[\"'“‘(]?(?-i:[A-Z0-9$€£]))(?!.*[.;] )\S.*"
    r"|(?:(?:read|learn|find out) more (?:about|on)|(?:read|see|watch|listen to|click)"
    r" (?:here|(?:the|our|this|his|her|their) [^,;.]{1,60}\b(?:here|below)))\b[^,;.]{0,80}\W*",
    re.IGNORECASE,
)

_FIELD = r"(?:full |first |last |user)?(?:e-?mail(?: address)?|name|website|comment|url|password)"
_FORM_LABEL = _whole(
    rf"(?:please )?(?:enter|type|add|provide|insert) (?:your|a valid|an?) "
    rf"(?:{_FIELD}|message|reply|search)(?: address)?(?: here| below)?",
    rf"(?:your )?{_FIELD}(?: ?[*:]| ?\((?:required|optional|not published)[^)]*\))",
    r"you are replying to\b.{0,60}",
    r"your e-?mail (?:address )?will not be (?:published|shared|made public).{0,60}",
    r"required fields are marked.{0,10}",
    r"save my name.{0,100}",
    r"notify me (?:of|when|by|about).{0,80}",
    r"(?:you must|please|you need to) (?:be )?(?:log(?:ged)?|sign(?:ed)?|register(?:ed)?)[ -]?in"
    r"(?: or \w+)? to .{0,40}",
    r"log in to (?:leave a |post a )?(?:comment|reply).{0,40}",
    r"(?:post|submit|send|publish|cancel|preview)(?: (?:a|your|my))?(?: (?:comment|reply|message))",
    r"(?:enter|type) the (?:code|characters|letters|numbers).{0,60}",
    r"i(?:['’]?m| am) not a robot",
    r"this site uses akismet.{0,120}",
    r"\d{1,3} ?[-+x×*÷/−] ?\d{1,3} ?=(?: ?\?)?",
)

_NETWORKS = (
    "facebook twitter x whatsapp telegram linkedin reddit pinterest tumblr instagram youtube "
    "messenger viber flipboard pocket weibo vk digg stumbleupon mastodon bluesky email e-mail "
    "print tweet share pin sms rss snapchat tiktok wechat google+ fb"
)
_SHARE_CORE = frozenset(_NETWORKS.split())
_SHARE_FILL = frozenset(
    "on via this article story post page with by to and or link url click here in new window opens "
    "a an friend friends more save whatsapp follow us the your all sharing options for".split()
)
_SHARE_VERBS = frozenset("share tweet pin print email e-mail follow save".split())
_SHARE_KNOWN = _SHARE_CORE | _SHARE_FILL
_SHARE_WORD = re.compile(r"[\w+-]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHARE_MAX_WORDS = 24
_SHARE_PHRASE = _whole(
    r"(?:please )?share (?:this|the)(?: (?:on|via|with|article|story|post|page|news|link).{0,60})?",
    r"click to (?:share|print|email|tweet).{0,80}",
    r"(?:share|like|follow|find) (?:us|it|me)? ?on (?:facebook|twitter|instagram|telegram).{0,60}",
    r"follow us(?: on)?",
    r"\d[\d,.]*k? shares?",
)
TAG_OPENER = _whole(r"(?:\w+ )?tags?", r"(?:related )?topics", r"keywords", r"filed under")
_TAG_LINE = re.compile(
    r"(?:tags?|tagged(?: (?:with|as|in))?|topics?|filed (?:under|in)|keywords?|categor(?:y|ies)|"
    r"hashtags?|posted in) ?[:#] ?\S",
    re.IGNORECASE,
)

_NAVIGATION = _whole(
    r"(?:skip|jump) (?:to|ad)\b.{0,40}",
    r"main menu|site (?:map|search)|log ?in|sign (?:in|up)|my account",
    r"(?:privacy|cookie) (?:policy|notice|settings)",
    r"terms (?:of (?:use|service)|(?:and|&) conditions)",
    r"about us|contact us|subscribe (?:now|today)|rss(?: feeds?)?|"
    r"back to (?:top|home)|(?:previous|next) (?:article|post|story|page)|"
    r"load(?:ing)?(?: more.{0,30})?|read more|show (?:more|less)|see all|view all|click here",
    r"(?:sign up|subscribe|register)(?: now| today| here)? (?:for|to) [^.!?]{0,50}"
    r"\b(?:newsletters?|e-?mails?|alerts?|channel|podcast|updates?|app|digest|briefing)\b[^.!?]{0,60}",
    r"home(?: ?[>»›/|→] ?[^.!?>»›/|→]{1,40}){1,6}",
)

# "ADVERTISEMENT - CONTINUE READING BELOW", "Article continues after this ad".
_ADVERTISED = frozenset(
    "ad ads advert advertise advertised advertising advertisement advertisements sponsored anzeige "
    "werbung publicité publicidad pubblicità publicidade advertentie annons annonse reklame "
    "reklama реклама".split()
)
_GOES_ON = frozenset("continue continues continued reading below keep scroll".split())
_AROUND_ADS = frozenset(
    "a after article by close down end ends for from google here hide is loading main message more "
    "of on our please post read remove report skip story text the this to under video".split()
)
_ADVERTISEMENT_WORDS = _ADVERTISED | _GOES_ON | _AROUND_ADS
_ADVERTISEMENT_MAX_WORDS = 12

_BARE_NAVIGATION = frozenset(
    "home menu search register newsletter newsletters subscribe previous next login".split()
)

_CREDIT = _whole(
    r"(?:news|story|article|report|post|item|doc\w*) ?(?:id|code|no\.?|number|#)[ :#]*[\w-]{1,20}",
    r"\(?\d[\d,.]*k? (?:persons?|views?|reads?|likes?|shares?|visits?|hits?|comments?)\)?",
    r"\d{1,3}[- ]min(?:ute)?s?(?: (?:read|listen))",
    r"(?:reading|read) time ?:? ?\d.{0,20}",
    r"(?:source|sources|via|photo|image|credit|photo credit|image credit) ?: ?[^.!?]{1,80}",
)
_AGENCY_CREDIT = re.compile(
    r"[(\[_*]{0,3}(?i:additional |with )?(?i:reporting|writing|editing|compiled|edited|translated)"
    r"(?i: and (?:writing|editing))? (?i:by) [A-Z]",
)
_AGENCY_CREDIT_WORDS = 45
RELATIVE_TIME = _whole(
    r"(?:(?:about|over|almost) )?(?:\d{1,3}|an?|one) "
    r"(?:second|sec|minute|min|hour|hr|day|week|month|year)s? ago",
    r"just now",
)

SECTION_LABEL = re.compile(
    r"(?:Share|SHARE) (?:[Tt]his|on|via|your)\b"
    r"|(?:Related|RELATED) (?:[Aa]rticles?|[Ss]tor(?:y|ies)|[Cc]ontent|[Tt]opics?|[Ll]inks"
    r"|[Pp]osts|[Nn]ews|[Cc]overage|[Ii]tems|[Vv]ideos?)"
    r"|(?:Most|MOST) (?:[Pp]opular|[Rr]ead|Viewed|Recent|Shared|POPULAR|READ)"
    r"|Leave a (?:[Rr]eply|[Cc]omment)|(?<!\d)\d+ [Cc]omments?\b|Comments? (?=[A-Z(\d])"
    r"|(?:Post|Add|View|Write|Show) (?:a |[Aa]ll )?[Cc]omments?"
    r"|Tags?\s?:|Filed (?:[Uu]nder|in)|Posted in|Read (?:[Nn]ext|Also)|Recommended\b|Trending\b"
    r"|(?:You|YOU) (?:[Mm]ay|MAY|might) (?:[Aa]lso|ALSO)"
    r"|More (?:[Ff]rom|[Ii]n|[Oo]n|[Ss]tories|News|[A-Z]\w+ (?:News|Stories))\b"
    r"|(?:Previous|Next) (?:[Aa]rticle|[Pp]ost|[Ss]tory)|Sign [Uu]p (?:for|to)|SIGN UP|Subscribe\b"
    r"|(?:All|ALL) (?:[Rr]ights|RIGHTS)|©|Copyright |Privacy Policy|Terms of (?:Use|Service)"
    r"|Follow (?:us|@|[A-Z])|Like this|Click to share|Latest (?:[Nn]ews|[Ss]tories|[Vv]ideos)"
)
"""Label that begins a section around an article, anywhere in a page saved as one line.

Capitalised as in headings, so that running text seldom contains it.
"""


def is_teaser(text: str) -> bool:
    """Tell whether a line or a sentence only points to another story.

    >>> is_teaser("RELATED: Why did the ferry sink?"), is_teaser("Read more about the strike.")
    (True, True)
    >>> is_teaser("Watch the tide: it turns twice."), is_teaser("Read it, she said, and weep.")
    (False, False)
    """
    return len(text) <= LABEL_MAX_CHARS and bool(_TEASER.fullmatch(text))


def bare_word_reason(text: str) -> str:
    """Return why a single word such as "Facebook" or "Home" is not article text, or ''.

    Valid only beside other boilerplate: alone, the word may be a heading.
    """
    word = text.casefold()
    if word in _SHARE_CORE:
        return SHARE
    return NAVIGATION if word in _BARE_NAVIGATION else ""


def line_reason(text: str) -> str:
    """Return why a paragraph by itself is not article text, or ''.

    >>> line_reason("Please type your message here"), line_reason("7 x 3 = ?")
    ('form label', 'form label')
    >>> line_reason("Please type your message here, the site told its readers on Monday.")
    ''
    """
    if not text:
        return ""
    if is_consent_notice(text) or is_paywall_notice(text):
        return NAVIGATION
    if len(text) > LABEL_MAX_CHARS:
        return CREDIT if _is_agency_credit(text) else ""
    if _FORM_LABEL.fullmatch(text):
        return FORM
    if _is_share_line(text) or (_TAG_LINE.match(text) and not text.endswith(".")):
        return SHARE
    if _NAVIGATION.fullmatch(text) or _is_advertisement(text):
        return NAVIGATION
    return CREDIT if _is_credit(text) else ""


def _is_credit(text: str) -> bool:
    labelled = any(found.label for found in stated_dates(text)) and is_date_line(text)
    return labelled or bool(_CREDIT.fullmatch(text)) or _is_agency_credit(text)


def _is_agency_credit(text: str) -> bool:
    return bool(_AGENCY_CREDIT.match(text)) and len(text.split()) <= _AGENCY_CREDIT_WORDS


def _is_advertisement(text: str) -> bool:
    """Tell whether a line marks an advertisement, or says that the article goes on after it."""
    folded = text.casefold()
    begin = _LETTERS.search(folded)
    if begin is None or begin.group() not in _ADVERTISEMENT_WORDS:
        return False  # as below
    words = _LETTERS.findall(folded)
    if len(words) > _ADVERTISEMENT_MAX_WORDS or not _ADVERTISEMENT_WORDS.issuperset(words):
        return False
    return not _ADVERTISED.isdisjoint(words) or len(_GOES_ON.intersection(words)) > 1


def _is_share_line(text: str) -> bool:
    if _SHARE_PHRASE.fullmatch(text):
        return True
    folded = text.casefold()
    begin = _SHARE_WORD.search(folded)
    if begin is None or begin.group() not in _SHARE_KNOWN:
        return False  # rejects most lines at their first word
    words = _SHARE_WORD.findall(folded)
    core = sum(word in _SHARE_CORE for word in words)
    is_share = core > 1 or (core == 1 and len(words) > 1 and words[0] in _SHARE_VERBS)
    return is_share and len(words) <= _SHARE_MAX_WORDS and _SHARE_KNOWN.issuperset(words)
