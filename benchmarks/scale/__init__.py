"""Material of any size to measure with, made from a real index: see `material`."""
