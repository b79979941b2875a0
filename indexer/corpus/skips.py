"""Why is a file, or an article in it, left out? The reasons that every format shares."""

UNREADABLE = "no permission to read"
VANISHED = "vanished during the build"
CHANGED = "changed during the build"
TOO_LARGE = "larger than the limit"
OTHER_FORMAT = "format not supported"
DAMAGED = "damaged file"
PACKED_TOO_LARGE = "unpacks to more than the limit"
NO_TEXT = "no text in it"
ENCRYPTED = "encrypted"


class SkippedFileError(Exception):
    """A file that cannot be an article; the message is the reason that the report counts.

    Args:
        reason: the kind of problem, the same for every file that has it.
        detail: what was found in this file.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep both parts; the message shows them together."""
        super().__init__(f"{reason} ({detail})" if detail else reason)
        self.reason = reason
        self.detail = detail
