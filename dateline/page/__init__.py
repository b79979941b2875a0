"""The Streamlit page: ask, read quotes, open each in its article."""

from dateline.page.main import main

__all__ = ["main"]
