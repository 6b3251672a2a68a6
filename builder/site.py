"""Build the whole site; every step leaves alone what didn't change."""

from __future__ import annotations

from builder import engine, files, knowledge, languages, lock, publish, ruleset, runtime, stage
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
    with lock.held(BUILD / "lock"):
        shared = _configuration()
        known = knowledge.load(DATA)
        files.write(BUILD / "knowledge.json", knowledge.compile_knowledge(known))
        tongues = languages.of(known, shared["extra"]["default_language"])
        bundle = runtime.bundle([language.tag for language in tongues])
        names = stage.page_names(DOCS / "pages", shared["extra"]["pages"])
        library = Library.of(DOCS / "pages", known, bundle.key)
        configurations = {}
        for language in tongues:
            folder = BUILD / "pages" / language.tag
            stage.stage_pages(folder, language, library, names, DOCS / "assets")
            configurations[language.tag] = stage.stage_configuration(
                BUILD, language, tongues, names, shared
            )
        runtime.add_image(bundle)
        engine.build_all(configurations, BUILD)
        published = {ruleset.NAME: ruleset.rules_json(known)}
        address = shared.get("site_url") or ""
        publish.publish(SITE, BUILD, DOCS, tongues, bundle, published, address)


def _configuration() -> Tree:
    try:
        shared: Tree = read_yaml(CONFIGURATION)
    except YamlError as error:
        raise Trouble(f"mkdocs.yml{str(error).removeprefix(error.path)}") from error
    return shared
