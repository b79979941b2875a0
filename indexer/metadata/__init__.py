"""Title, outlet, authors, dates and language of an article."""
