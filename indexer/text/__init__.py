"""Analysis of a string by itself, without its article."""
