"""Detection of copies of one story."""
