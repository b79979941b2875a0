"""Generator of synthetic passages and questions about who did what to whom."""

from training.synthetic.generate import Example, generate

__all__ = ["Example", "generate"]
