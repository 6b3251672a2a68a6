"""Where the project's parts stand."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

DATA = ROOT / "data"
DOCS = ROOT / "docs"
PLANNER = ROOT / "planner"
REQUIREMENTS = ROOT / "requirements"
CONFIGURATION = ROOT / "mkdocs.yml"
NODE_MODULES = ROOT / "node_modules"

#: Everything made on the way; safe to delete.
BUILD = ROOT / "build"

#: The finished site, ready to be put on any host.
SITE = ROOT / "site"

#: What `make bench` measured last; kept with the project, shown on the page about speed.
BENCH = ROOT / "bench" / "results.json"
