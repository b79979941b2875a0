"""Lines that an outlet prints under every article."""
