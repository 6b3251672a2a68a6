"""Read: pasted text → subscriptions, and every line that could not be read."""

from planner.reading.read import read

__all__ = ["read"]
