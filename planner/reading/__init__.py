"""Read: pasted text → subscriptions, and every line that could not be read."""

from planner.reading.read import fingerprint_of, read

__all__ = ["fingerprint_of", "read"]
