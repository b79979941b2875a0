"""Dateline side by side with what its users would pick instead: `python -m benchmarks.peers`."""
