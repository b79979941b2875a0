"""Floors and measurements made up for tests."""

from collections.abc import Mapping

from tests.quality.floors_file import Floors, Measured, Measurement


def floors(bounds: Mapping[str, float], *, reader: str = "small", sha256: str = "ab") -> Floors:
    return Floors(reader, {"news": sha256}, {"news": dict(bounds)})


def found(
    values: Mapping[str, float], *, margin: float = 0.05, reader: str = "small", sha256: str = "ab"
) -> Measurement:
    measures = {measure: Measured(value, margin) for measure, value in values.items()}
    return Measurement(reader, {"news": sha256}, {"news": measures})
