import pytest
from lxml.html import fromstring

from training.blocks.page_texts import page_text

PAGE = fromstring(
    "<html><head><title>The bridge</title><style>p {}</style></head><body><ul><li>Home</li>"
    "<li>News</li></ul><h1>Old <b>bridge</b></h1><script>x()</script><p>It is<br>closed.</p>"
    "<p style='display: none'>Hidden.</p>left over</body></html>"
)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("indented", "  * Home\n  * News\n\nOld bridge\n\nIt is\nclosed.\nleft over"),
        ("markdown", "  * Home\n  * News\n\n# Old bridge\n\n\nIt is\n\nclosed.\n\nleft over"),
        ("line", "The bridge Home News Old bridge It is closed. left over"),
    ],
)
def test_a_page_is_written_as_the_tools_do_without_what_is_hidden(kind: str, text: str) -> None:
    assert page_text(PAGE, kind) == text
