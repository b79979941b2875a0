"""Launcher of the page: `streamlit run app.py`."""

from dateline.page import main

main()
