"""A draft beside the archive: its quotations marked, with the verdict on each in the margin."""

from pathlib import Path

import streamlit as st

from dateline.page import html
from dateline.page.marking import escape
from indexer.errors import DraftError, program
from retrieval import SearchEngine
from retrieval.drafts.formats import html_report
from retrieval.drafts.quotations import BLOCK_CLOSE, BLOCK_OPEN
from retrieval.drafts.reading import SUFFIXES, draft_text
from retrieval.drafts.report import CheckedDraft, format_heading, format_summary

_HERE = Path(__file__).resolve().parent
_MOST_BYTES = 5_000_000
_PASTED = "draft.md"
_BLOCK_MARKS = str.maketrans(dict.fromkeys((BLOCK_OPEN, BLOCK_CLOSE), ""))


def draft_page(engine: SearchEngine) -> None:
    """Draw the box for a draft, and what was found of the one that was given last."""
    st.html(
        '<h2 class="side">Check a draft</h2><p class="small">Every quotation of the draft is '
        "looked up in all articles. It stays on this machine.</p>"
    )
    with st.form("draft", border=False):
        pasted = st.text_area("Draft", height=220, placeholder="Paste a draft with quotations")
        given = st.file_uploader(
            "or a file", type=[suffix.removeprefix(".") for suffix in SUFFIXES], key="draft_file"
        )
        if st.form_submit_button("Check the quotations", type="primary"):
            content = given.getvalue() if given else pasted.encode("utf-8", "replace")
            name = given.name if given else _PASTED
            st.session_state["checked_draft"] = _checked(engine, content, name)
    checked = st.session_state.get("checked_draft")
    if isinstance(checked, str):
        st.html(html.notice_html(checked, title="This draft could not be checked"))
    elif checked is not None:
        _show(checked)


def _checked(engine: SearchEngine, content: bytes, name: str) -> CheckedDraft | str:
    """Return a checked draft, or why it could not be checked."""
    if not content.strip():
        return "Paste a draft, or choose a file."
    if len(content) > _MOST_BYTES:
        return (
            f"It has {len(content):,} bytes; the page takes {_MOST_BYTES:,}. Use the command line: "
            f"{program('retrieval')} check FILE"
        )
    try:
        with st.spinner("Looking up every quotation…"):
            return engine.check_draft(draft_text(content, name), name)
    except DraftError as error:
        return str(error)


def _show(checked: CheckedDraft) -> None:
    report = html_report(checked)
    st.html(f'<p class="holdings" role="status">{escape(format_summary(checked))}</p>')
    st.download_button(
        "Download the report",
        report,
        file_name="dateline-draft.html",
        mime="text/html",
        on_click="ignore",
    )
    if checked.quotations:
        style = (_HERE / "draft.css").read_text("utf-8")
        script = (_HERE / "article.js").read_text("utf-8")
        page = html.article_page(draft_html(checked), style, script, chosen=False)
        st.iframe(page, height=520, alt="The draft, with the verdicts in its margin")
        with st.expander("Where the quotations stand"):
            st.iframe(report, height=700, alt="The report on the draft")


def draft_html(checked: CheckedDraft) -> str:
    """Return a draft with its quotations marked, and the verdict on each beside it."""
    parts, end = [], 0
    for number, each in enumerate(checked.quotations, 1):
        quotation = each.quotation
        start = max(end, quotation.start)
        kind = "stands" if each.stands else "fails"
        heading = escape(format_heading(each).removesuffix(":"))
        parts += [
            escape(checked.text[end:start]),
            f'<span class="note {kind}" role="note">{number}. {heading}</span>',
            f'<mark class="{kind}">{escape(checked.text[start : quotation.end])}</mark>',
        ]
        end = max(end, quotation.end)
    return "".join([*parts, escape(checked.text[end:])]).translate(_BLOCK_MARKS)
