"""Answers as JSON and on the terminal."""
