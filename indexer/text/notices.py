"""Paragraphs in which an outlet speaks to its readers: requests for consent, and for money."""

import re

_MAX_CHARS = 1500

_CONSENT_TOPICS = re.compile(
    r"\b(?:(cookies?|trackers?)|(consent\w*|einwilligung\w*|zustimmung|toestemming|samtykke"
    r"|samtycke)"
    r"|(privacy|datenschutz\w*|vie privée|privacidad|privacidade|personvern|integritet)"
    r"|(personal data|personenbezogene\w* daten|données personnelles|datos personales"
    r"|dati personali|persoonsgegevens)"
    r"|(browsers?|devices?|endgerät\w*|navegador|navigateur|apparaat|dispositivos?)"
    r"|(partners?|vendors?|advertisers|third parties|partnern?|partenaires|socios|drittanbieter\w*)"
    r"|(preferences|settings|einstellungen|préférences|preferencias|preferenze|voorkeuren))\b",
    re.IGNORECASE,
)
_TO_READERS = re.compile(
    r"\b(?:you|your|sie|ihrer?|ihren?m?|ihnen|deiner?|vous|votre|vos|usted|su|sus|tu|tus|tuo"
    r"|tuoi|suo"
    r"|suoi|uw|jouw|je|você|seu|seus|din|dina|ditt|dine)\b",
    re.IGNORECASE,
)
_OF_OUTLET = re.compile(
    r"\b(?:we|our|us|this (?:site|website|page)|wir|unsere[rnms]?|uns|nous|notre|nos|nuestr[oa]s?"
    r"|utilizamos|usamos|noi|nostr[oaie]|utilizziamo|usiamo|wij|onze|nós|nosso|nossa|vi|våra|vår"
    r"|våre|vores|diese (?:seite|website)|ce site|este sitio|questo sito|deze (?:site|website))\b",
    re.IGNORECASE,
)
_USES_COOKIES = re.compile(
    r"\b(?:this|our) (?:web ?)?(?:site|page|app) uses (?:\w+ ){0,3}cookies\b"
    r"|\b(?:by (?:continuing|using|browsing|clicking)|if you continue)\b.{0,80}\b(?:cookies"
    r"|consent)\b"
    r"|\b(?:accept|reject|allow|decline|manage) (?:all |your |optional )?cookies\b"
    r"|\b(?:we|wir) (?:and our \w+ )?(?:use|verwenden|nutzen) (?:\w+ ){0,3}cookies\b"
    r"|\b(?:this|our) (?:cookie|privacy) (?:notice|policy)\b.{0,80}\bcookies\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:said|says|told|announced|according to|argued|ruled|wrote|fined|sagte|erklärte|laut"
    r"|a déclaré"
    r"|selon|dijo|según|ha detto|secondo)\b|[“”„«»\"]"
)
_MIN_TOPICS = 2
_COOKIES, _CONSENT_TO_DATA = 1, {2, 4}  # groups of the pattern

_SUBSCRIBERS = (
    r"(?:(?:paying|registered|premium|digital|print|our|plus) ){0,2}(?:subscribers|members)"
)
_WORK = r"(?:article|story|content|post|piece|report|page|analysis|column|newsletter)"
_VERB = r"(?:subscribe|sign ?up|sign in|log ?in|register|join|upgrade|pay)"
_INVITATION = re.compile(
    r"\W{0,4}(?:"
    # English
    rf"(?:please |to keep reading, )?{_VERB}(?: or {_VERB})?(?: (?:now|today|here|for free))*"
    rf"(?: (?:to|and) "
    r"(?:continue|keep|finish|read|access|unlock|see|view|get|enjoy)\b.{0,120})"
    rf"|to (?:continue|keep|finish) reading\b.{{0,60}}\b{_VERB}\b.{{0,60}}"
    rf"|(?:this|the (?:rest|remainder) of (?:this|the)|the full) (?:(?:premium"
    rf"|exclusive) )?{_WORK} "
    rf"(?:is|remains) (?:\w+ ){{0,3}}(?:for|to) {_SUBSCRIBERS}\b.{{0,40}}"
    r"|(?:for )?(?:subscribers|members) only"
    r"|(?:subscriber|member|premium)[- ](?:only|exclusive)(?: content)?"
    r"|(?:already|are you(?: already)?|not(?: yet)?) (?:a |an )?"
    r"(?:subscriber|subscribed|member|registered)(?: user)?(?:\W.{0,20}\b(?:log|sign)\b.{0,30})?"
    r"|(?:log|sign) in(?: here| now| to your account)?"
    r"|(?:get|enjoy|unlock) (?:unlimited|full|complete|instant|digital"
    r"|all)\b.{0,20}\baccess\b.{0,120}"
    r"|(?:unlimited|full|digital) (?:digital )?access (?:for|to|from)\b.{0,100}"
    r"|you(?:['’]ve| have)(?: now)? (?:reached|used|read|hit)\b.{0,40}\b(?:free|limit"
    r"|monthly)\b.{0,60}"
    r"|(?:you have )?(?:\d+|one|two|three|no) (?:free )?(?:articles?|stories) (?:left"
    r"|remaining)\b.{0,40}"
    r"|(?:start|try|begin|activate) (?:your|a) (?:free |digital )?(?:\w+[- ]\w+ )?(?:trial"
    r"|subscription)\b"
    r".{0,60}"
    r"|subscribe(?: \w+){0,2}(?: now| today)?(?: (?:for|from) (?:only |just )?\W?\d.{0,60})"
    r"|(?:you can )?cancel (?:at )?any ?time"
    r"|(?:choose|see|view|compare) (?:a|your|our|the) (?:plan|plans|subscription|offers?"
    r"|subscription "
    r"(?:options|offers))\b.{0,40}"
    r"|(?:create|register for|open) (?:a|your) (?:free )?account\b.{0,80}"
    rf"|(?:continue|unlock|read the (?:full|rest of (?:the|this))) (?:reading )?"
    rf"(?:this )?{_WORK}\b.{{0,60}}"
    # German
    r"|(?:dieser|der ganze|der vollständige) (?:artikel|beitrag"
    r"|text)\b.{0,30}\babonnent\w*\b.{0,40}"
    r"|(?:nur|exklusiv) für abonnent\w*"
    r"|(?:sie sind |bist du )?(?:schon|bereits|noch kein\w*) \w*abonnent\w*\b.{0,60}"
    r"|(?:jetzt )?(?:weiterlesen|weiter lesen|abonnieren|registrieren) (?:mit|und|für)\b.{0,80}"
    r"|(?:hier|jetzt) (?:anmelden|einloggen|abonnieren|testen|registrieren)\b.{0,40}"
    r"|um weiterzulesen\b.{0,80}"
    # French
    r"|(?:cet article|la suite|ce contenu)\b.{0,30}\babonnés?\b.{0,40}"
    r"|il vous reste \d.{0,60}"
    r"|déjà abonné\b.{0,60}|abonnez-vous pour\b.{0,80}|se connecter|connectez-vous"
    # Spanish and Portuguese
    r"|(?:este (?:artículo|contenido)|contenido|conteúdo|este conteúdo)\b.{0,40}"
    r"\b(?:suscriptores|socios|assinantes)\b.{0,40}"
    r"|suscríb[ea]\w* (?:para|y)\b.{0,80}|assine (?:para|e)\b.{0,80}"
    r"|¿ya (?:eres|es usted|estás)\b.{0,60}|já é assinante\b.{0,60}|inicia sesión|faça login"
    # Italian
    r"|(?:questo articolo|questo contenuto|contenuto)\b.{0,30}\babbonati\b.{0,40}"
    r"|sei già abbonato\b.{0,60}|abbonati (?:per|a)\b.{0,80}|accedi"
    # Dutch, Swedish, Danish, Norwegian
    r"|dit (?:artikel|verhaal)\b.{0,30}\babonnees\b.{0,40}|(?:al|ben je al"
    r"|bent u al) abonnee\b.{0,60}"
    r"|(?:artikeln?|denne artikel|artikkelen|denne saken)\b.{0,40}"
    r"\b(?:prenumeranter|abonnenter|abonnement)\b.{0,40}"
    r"|(?:redan|allerede|er du allerede) (?:prenumerant|abonnent)\b.{0,60}|logga in|logg inn"
    r"|log ind"
    r")\W{0,4}",
    re.IGNORECASE,
)
_PAYING = (
    *("subscri", "member", "unlimited", "full access", "full story", "full article", "account"),
    *("free article", "trial", "to continue reading", "rest of", "unlock", "cancel", "abonn"),
    *("suscri", "assin", "abbonat", "prenumerant", "socios", "il vous reste", "weiterlesen"),
    "weiterzulesen",
)
_CONSENT_WORDS = (
    *("cookie", "tracker", "consent", "einwilligung", "zustimmung", "toestemming", "samty"),
    *("privacy", "datenschutz", "vie privée", "privacid", "personal data", "données", "datos"),
    *("dati personali", "persoonsgegevens"),
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=\W?\w)")


def is_consent_notice(text: str) -> bool:
    """Tell whether a paragraph asks readers to consent to cookies.

    >>> is_consent_notice("With your consent we and our partners store cookies in your browser.")
    True
    >>> is_consent_notice("The office fined the site because it set cookies without consent.")
    False
    """
    if not touches_consent(text) or _REPORTED.search(text):
        return False
    if _USES_COOKIES.search(text):
        return True
    if not (_TO_READERS.search(text) and _OF_OUTLET.search(text)):
        return False
    topics = {match.lastindex for match in _CONSENT_TOPICS.finditer(text)}
    return (_COOKIES in topics and len(topics) >= _MIN_TOPICS) or topics >= _CONSENT_TO_DATA


def touches_consent(text: str) -> bool:
    """Tell whether a paragraph may belong to a notice of consent, beside others that do."""
    return len(text) <= _MAX_CHARS and _has_any(text, _CONSENT_WORDS)


def is_paywall_notice(text: str) -> bool:
    """Tell whether a paragraph only invites readers to subscribe or to log in.

    >>> is_paywall_notice("This article is for subscribers only. Already a subscriber? Log in.")
    True
    >>> is_paywall_notice("The paper has 4,000 subscribers. Log in, it tells the others.")
    False
    """
    # The first of these tests rejects nearly all paragraphs, and is the fastest.
    if not _INVITATION.match(text) or len(text) > _MAX_CHARS or not _has_any(text, _PAYING):
        return False
    if _REPORTED.search(text):
        return False
    return all(map(_INVITATION.fullmatch, _SENTENCES.split(text)))


def _has_any(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether a text has one of some words; ten times as fast as the patterns."""
    folded = text.lower()
    return any(map(folded.__contains__, words))
