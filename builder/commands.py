"""The commands: ``serve``, ``build``, ``test``, ``pictures``, ``bench``, ``fuzz``, ``mutants``.

Only the standard library until the environment stands; each command's own
module is imported by the virtual environment's Python.
"""

from __future__ import annotations

import argparse
import sys

from builder import environment
from builder.trouble import Trouble

#: The dependency group that each command needs.
GROUPS = {
    "serve": "site",
    "build": "site",
    "test": "test",
    "pictures": "test",
    "bench": "bench",
    "fuzz": "fuzz",
    "mutants": "mutants",
}


def run(arguments: list[str]) -> int:
    """Run one command; return its exit code."""
    options, rest = _parser().parse_known_args(arguments)
    if rest and options.command != "test":
        _parser().error(f"{options.command} does not know {' '.join(rest)}")
    try:
        project = environment.ensure(GROUPS[options.command])
        if not environment.running_inside(project):
            return environment.go_inside(project, arguments)
        return _start(options, rest)
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _start(options: argparse.Namespace, rest: list[str]) -> int:
    if options.command == "serve":
        from builder import serve

        return serve.run(options.port)
    if options.command == "build":
        from builder import site

        site.build()
        sys.stdout.write("The site is in site/.\n")
        return 0
    if options.command == "bench":
        from builder.benches import run as bench

        if unknown := set(options.parts) - bench.PARTS.keys():
            raise Trouble(
                f"The bench has no part {', '.join(sorted(unknown))}: "
                f"name some of {', '.join(bench.PARTS)}."
            )
        return bench.run(options.parts)
    if options.command == "fuzz":
        from builder import fuzz

        return fuzz.run(options.seconds)
    if options.command == "mutants":
        from builder import mutants

        return mutants.run()
    from builder import check

    return check.keep_pictures() if options.command == "pictures" else check.run(rest)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m builder", description="Build, preview and test the site."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    serve = commands.add_parser("serve", help="build the site, serve it, and follow every edit")
    serve.add_argument("--port", type=int, default=8000, help="the first port to try")
    commands.add_parser("build", help="build the whole site into site/")
    commands.add_parser("test", help="check and test everything; more arguments go to pytest")
    commands.add_parser("pictures", help="keep new pictures of every state of the planner")
    bench = commands.add_parser("bench", help="measure every budget beside stock Pyodide")
    bench.add_argument("parts", nargs="*", metavar="part", help="only these parts of it")
    fuzz = commands.add_parser("fuzz", help="feed the reader what a fuzzer comes up with")
    fuzz.add_argument("--seconds", type=int, default=600, help="how long")
    commands.add_parser("mutants", help="see what the tests of the decisions notice (takes long)")
    return parser
