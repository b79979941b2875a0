"""Lines that an outlet prints under every article."""

__all__ = ["counts", "lines", "outlet_keys"]
