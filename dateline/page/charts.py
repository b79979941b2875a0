"""Bars of articles by month."""

from collections.abc import Sequence

import altair as alt

_YEAR_ALONE = len("2023")


def month_bars(months: Sequence[tuple[str, int]], height: int) -> alt.Chart | None:
    """Return a chart whose months can be chosen by dragging; None where it would say nothing.

    Args:
        months: `2023-10`, and the number of articles; years alone are left out.
        height: in pixels.
    """
    values = [{"month": f"{m}-01", "articles": n} for m, n in months if len(m) > _YEAR_ALONE]
    if len(values) < 2:  # noqa: PLR2004 - one bar says nothing
        return None
    month = alt.X("month:T", timeUnit="utcyearmonth", title=None)
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call] # altair has no types here
        .mark_bar()
        .encode(
            x=month,
            y=alt.Y("articles:Q", title=None, axis=alt.Axis(tickCount=2, format="d")),
            tooltip=[
                alt.Tooltip("month:T", timeUnit="utcyearmonth", title="Month"),
                alt.Tooltip("articles:Q", title="Articles"),
            ],
        )
        .add_params(alt.selection_interval(name="months", encodings=["x"]))
        .properties(height=height)
    )
    return chart
