"""Comparison with other search libraries: `python -m benchmarks.peers`."""
