"""Read: pasted text and files → subscriptions, and every line that could not be read."""

from planner.reading.read import File, Sources, fingerprint_of, read

__all__ = ["File", "Sources", "fingerprint_of", "read"]
