"""With which words does a section around an article begin: related stories, comments, footers?

Written with capitals as in headings, so that running text seldom has them. Where a page was saved
as one line, the section's first words follow on the same line.
"""

import re

SECTION_LABEL = re.compile(
    r"(?:Share|SHARE) (?:[Tt]his|on|via|your)\b"
    r"|(?:Related|RELATED) (?:[Aa]rticles?|[Ss]tor(?:y|ies)|[Cc]ontent|[Tt]opics?|[Ll]inks"
    r"|[Pp]osts|[Nn]ews|[Cc]overage|[Ii]tems|[Vv]ideos?)"
    r"|(?:Most|MOST) (?:[Pp]opular|[Rr]ead|Viewed|Recent|Shared|POPULAR|READ)"
    r"|Leave a (?:[Rr]eply|[Cc]omment)|\d+ [Cc]omments?\b|Comments? (?=[A-Z(\d])"
    r"|(?:Post|Add|View|Write|Show) (?:a |[Aa]ll )?[Cc]omments?"
    r"|Tags?\s?:|Filed (?:[Uu]nder|in)|Posted in|Read (?:[Nn]ext|Also)|Recommended\b|Trending\b"
    r"|(?:You|YOU) (?:[Mm]ay|MAY|might) (?:[Aa]lso|ALSO)"
    r"|More (?:[Ff]rom|[Ii]n|[Oo]n|[Ss]tories|News|[A-Z]\w+ (?:News|Stories))\b"
    r"|(?:Previous|Next) (?:[Aa]rticle|[Pp]ost|[Ss]tory)|Sign [Uu]p (?:for|to)|SIGN UP|Subscribe\b"
    r"|(?:All|ALL) (?:[Rr]ights|RIGHTS)|©|Copyright |Privacy Policy|Terms of (?:Use|Service)"
    r"|Follow (?:us|@|[A-Z])|Like this|Click to share|Latest (?:[Nn]ews|[Ss]tories|[Vv]ideos)"
)
