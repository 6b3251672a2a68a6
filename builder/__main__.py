"""Start of every command: ``python -m builder serve|build|test``.

This one file must also run under Pythons that are too old for the rest (from
3.6 on), so that they answer with a sentence and not with a traceback.
"""

import sys

#: The oldest Python that runs the rest.
OLDEST = (3, 12)


def main(arguments: "list[str]") -> int:
    """Run one command; return its exit code."""
    if sys.version_info < OLDEST:
        sys.stderr.write(
            "This project needs Python {}.{} or newer and this is Python {}.{}: "
            "install Python 3.13 from python.org and start the command with it.\n".format(
                OLDEST[0], OLDEST[1], sys.version_info[0], sys.version_info[1]
            )
        )
        return 2
    from builder import commands

    return commands.run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
