"""Benchmark material of any size, made from a real index."""
