"""Training of the block model, which tells article text from boilerplate."""
