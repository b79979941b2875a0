"""How was the bundled reader trained, so that anyone can do it again? `python -m training`."""
