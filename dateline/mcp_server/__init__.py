"""Answers for agents, over the Model Context Protocol."""

__all__ = ["command"]
