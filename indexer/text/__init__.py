"""What a string says by itself, without the article around it."""
