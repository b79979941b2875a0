"""Article text and dates of web pages."""
