"""What a command says when it can't go on."""

from __future__ import annotations


class Trouble(Exception):
    """Something its reader can put right; ``str(error)`` says where and how.

    Commands print it as it is, without a traceback, and end with exit code 1.
    """
