"""Build the whole site; every step leaves alone what didn't change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from builder import (
    compression,
    engine,
    files,
    knowledge,
    languages,
    lock,
    publish,
    ruleset,
    runtime,
    stage,
)
from builder.pages import Library
from builder.paths import BUILD, CONFIGURATION, DATA, DOCS, SITE
from builder.trouble import Trouble
from planner.checkout import Tree, YamlError, read_yaml


def build() -> None:
    """Build ``site/`` from ``data/``, ``docs/`` and ``planner/``.

    Where something is wrong the site that stands is left as it is.

    Raises:
        Trouble: Something is wrong in one of them; says where.
    """
    with lock.held(BUILD / "lock"), ThreadPoolExecutor(1) as aside:
        staged = _stage()
        image = aside.submit(runtime.add_image, staged.runtime)
        engine.build_all(staged.configurations, BUILD)
        image.result()
        _publish(staged, compression.compressed)


def preview() -> runtime.Runtime:
    """Build the same without what takes long and shows nothing; return the runtime.

    Without its memory image (``runtime.add_image``), unless that stands already, Python
    starts from its files; without compressed files a host serves the plain ones.

    Raises:
        Trouble: As ``build``.
    """
    with lock.held(BUILD / "lock"):
        staged = _stage()
        engine.build_all(staged.configurations, BUILD, engine.here)
        _publish(staged, compression.kept)
    return staged.runtime


@dataclass(frozen=True, slots=True)
class _Staged:
    """What the engine and the last step need."""

    languages: Sequence[languages.Language]
    runtime: runtime.Runtime
    configurations: Mapping[str, Path]
    published: Mapping[str, bytes]
    address: str


def _stage() -> _Staged:
    """Check ``data/``, bundle the planner and lay out what the engine reads."""
    shared = _configuration()
    known = knowledge.load(DATA)
    files.write(BUILD / "knowledge.json", knowledge.compile_knowledge(known))
    tongues = languages.of(known, shared["extra"]["default_language"])
    bundle = runtime.bundle([language.tag for language in tongues])
    names = stage.page_names(DOCS / "pages", shared["extra"]["pages"])
    library = Library.of(DOCS / "pages", known, publish.RUNTIME)
    configurations = {}
    for language in tongues:
        folder = BUILD / "pages" / language.tag
        stage.stage_pages(folder, language, library, names, DOCS / "assets")
        configurations[language.tag] = stage.stage_configuration(
            BUILD, language, tongues, names, shared
        )
    published = {ruleset.NAME: ruleset.rules_json(known)}
    return _Staged(tongues, bundle, configurations, published, shared.get("site_url") or "")


def _publish(staged: _Staged, compress: publish.Compress) -> None:
    publish.publish(
        SITE,
        BUILD,
        DOCS,
        staged.languages,
        staged.runtime,
        staged.published,
        staged.address,
        compress,
    )


def _configuration() -> Tree:
    try:
        shared: Tree = read_yaml(CONFIGURATION)
    except YamlError as error:
        raise Trouble(f"mkdocs.yml{str(error).removeprefix(error.path)}") from error
    return shared
