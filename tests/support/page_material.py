"""A web page of our own, with a menu and a footer, for the formats that hold pages."""

PAGE_TITLE = "Ferry sinks off Northport"
PAGE_SENTENCE = "The ferry sank in the harbour of Northport on Monday night, the mayor said."
_STORY = (
    PAGE_SENTENCE,
    "All forty people on board were taken to land by fishing boats, and nobody was hurt in the "
    "accident, according to the port authority, which has begun an inquiry into its cause.",
    "Divers will look at the hull on Wednesday, when the wind is expected to drop, and the line "
    "to the island is to open again at the end of the week with a smaller ship.",
)
_MENU = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("Home", "Sport", "Weather"))
PAGE = (
    "<!doctype html><html lang='en-GB'><head><meta charset='utf-8'>"
    f"<title>{PAGE_TITLE}</title><meta property='og:site_name' content='The Daily Planet'>"
    "<meta property='article:published_time' content='2023-10-26'></head>"
    f"<body><nav><ul>{_MENU}</ul></nav><article><h1>{PAGE_TITLE}</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in _STORY)
    + "</article><footer><p>Copyright 2023 The Daily Planet</p></footer></body></html>"
).encode()
