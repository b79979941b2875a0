"""Launcher of the page: `streamlit run app.py` serves it and runs this file for each visitor."""

import streamlit as st

from dateline.page import main
from dateline.page.hosts import GUARDS

if __name__ == "__main__":
    main()
else:  # imported by the server
    app = st.App(__file__, middleware=GUARDS)
