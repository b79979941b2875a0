"""What may a library raise that loads a model somebody named? Types that share no base."""

from safetensors import SafetensorError

LOAD_ERRORS = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,
    ImportError,
    SafetensorError,
)
