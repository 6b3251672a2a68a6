"""Turn what the engine made into the finished site: policy, first page, runtime."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import jinja2

from builder import compression, files, snapshot
from builder.languages import Language
from builder.runtime import Runtime

_POLICY = (
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'{hashes}",
    # The planner's worker starts from a blob, so that this policy binds it; the search's doesn't.
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
)

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)

#: Stands in pages for the key of the runtime.
RUNTIME = "RUNTIME-KEY"

#: The planner's first modules but for those that its worker fetches.
MODULES = ("element", "boot", "early", "when", "launch", "offline")

#: What starts Python from the head of a page: modules that need no other.
_AHEAD = ("early", "when", "launch")
_COMMENT = re.compile(r"/\*\*.*?\*/\n?", re.DOTALL)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_IMPORT = re.compile(r"^import\b", re.MULTILINE)

#: Returns compressed files for a site's content; keeps them below a folder.
Compress = Callable[[compression.Content, Path], dict[str, Path]]

_STARTS_NOW = re.compile(
    r'<csp-planner (?=[^>]*data-start="now")[^>]*data-runtime="(?P<runtime>[^"]*)"'
)
_FIRST_MODULE = re.compile(r'src="(?P<folder>[^"]*/assets/planner\.\w+/)element\.js"')

#: Where pages look for what the planner is made of in the browser, and for the site's look,
#: until both are named after their content: so no page is shown with an older version of them.
_ASSETS = "assets/planner/"
_STYLE = "assets/site.css"

#: A map of pages tells nothing without their public addresses.
_SITEMAP = ("sitemap.xml", "sitemap.xml.gz")


def publish(
    site: Path,
    build: Path,
    docs: Path,
    languages: Sequence[Language],
    runtime: Runtime,
    published: Mapping[str, bytes],
    address: str,
    compress: Compress,
) -> None:
    """Fill ``site/`` with every language, the first page, the browser's runtime and data.

    ``published`` are files for the site's root, by name. ``compress`` returns compressed
    files for a site's content; see ``builder.compression``.
    """
    content: dict[str, bytes | Path] = {**published}
    names = names_of(docs)
    for language in languages:
        for name, path in files.tree_of(build / "engine" / language.tag).items():
            if (name in _SITEMAP and not address) or name.endswith(".map"):
                continue
            content[f"{language.tag}/{_renamed(name, names)}"] = (
                finished(_renamed(path.read_text("utf-8"), names), runtime.key).encode()
                if name.endswith(".html")
                else path
            )
    for name, path in files.tree_of(runtime.folder).items():
        content[f"runtime/{name}"] = path
    content |= root_pages(docs / "root", languages, address)
    content["service-worker.js"] = service_worker(docs / "root", content, languages)
    files.fill(site, {**content, **compress(content, build)})


def names_of(docs: Path) -> dict[str, str]:
    """Return what is named after its content: below ``docs/`` → below a language's folder."""
    folder, style = (
        files.fingerprint(content)[:8] for content in (files.named(docs / _ASSETS), [docs / _STYLE])
    )
    return {_ASSETS: f"assets/planner.{folder}/", _STYLE: f"assets/site.{style}.css"}


def _renamed(text: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def service_worker(
    templates: Path, content: Mapping[str, bytes | Path], languages: Sequence[Language]
) -> bytes:
    """Return the service worker that knows these files by their hashes.

    It keeps a language's pages with the planner and what they load, then its other pages and
    its search; for every language the first page and the runtime, but for the image, which the
    planner keeps itself, unpacked.
    """

    def hashes(paths: Iterable[str]) -> dict[str, str]:
        return {
            path: hashlib.sha256(_bytes(content[path])).hexdigest()
            for path in sorted(paths)
            if PurePosixPath(path).name != snapshot.NAME
        }

    shared = (path for path in content if path.startswith("runtime/") or path == "index.html")
    kept, guides = {"shared": hashes(shared)}, {}
    for language in languages:
        own = {path for path in content if path.startswith(f"{language.tag}/")}
        pages = {path for path in own if path.endswith(".html")}
        planners = {path for path in pages if b"<csp-planner" in _bytes(content[path])}
        assets = {path for path in own if "/assets/" in path and "/lunr/" not in path}
        search = {path for path in own if _of_search(path, language)}
        kept[language.tag] = hashes(planners | assets)
        guides[f"{language.tag}/guide"] = hashes(pages - planners | search)
    kept |= guides
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(templates), autoescape=True)
    script = environment.get_template("service-worker.js").render(kept=kept)
    return f"{script}\n".encode()


def _of_search(path: str, language: Language) -> bool:
    """Tell whether a language's search loads a file, beside its worker."""
    name = PurePosixPath(path).name
    stems = {f"lunr.{language.tag}.min.js", "lunr.stemmer.support.min.js"}
    return name == "search_index.json" or ("/lunr/" in path and name in stems)


def _bytes(content: bytes | Path) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content


def root_pages(templates: Path, languages: Sequence[Language], address: str) -> dict[str, bytes]:
    """Return the pages above the languages: the first page and the one for wrong addresses.

    The second is served at any depth, so its links start at the site's own root.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    top = urlsplit(address).path.rstrip("/") + "/"
    prefixes = {"index.html": "", "404.html": top}
    return {
        name: finished(
            environment.get_template(name).render(languages=languages, top=top, address=address)
        ).encode()
        for name, top in prefixes.items()
    }


def finished(page: str, runtime_key: str = "") -> str:
    """Return a page with its policy, its runtime's address and a name for the search dialog.

    A page names its runtime by ``RUNTIME`` until now: so the engine need not run again
    where nothing but the runtime changed.
    """
    page = page.replace(RUNTIME, runtime_key)
    start = _start_ahead(page)
    policy = f'<meta http-equiv="content-security-policy" content="{policy_of(start + page)}">'
    with_policy = _CHARSET.sub(lambda found: f"{found.group()}\n{policy}{start}", page, count=1)
    return _name_search(with_policy)


def policy_of(page: str) -> str:
    """Return the policy under which a page runs its own scripts and loads from its own site."""
    hashes = "".join(f" '{source}'" for source in inline_scripts(page))
    return "; ".join(_POLICY).format(hashes=hashes)


def inline_scripts(page: str) -> list[str]:
    """Return the hash of each inline script of a page, as a policy writes it."""
    found = []
    for attributes, code in _SCRIPT.findall(page):
        if re.search(r"\bsrc\s*=", attributes) or re.search(r"type=.?application/", attributes):
            continue
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        found.append(f"sha256-{digest}")
    return list(dict.fromkeys(found))


def _start_ahead(page: str) -> str:
    """Return what starts Python from the head of a page whose planner starts at once.

    The page's first modules are named together, so that they are fetched together. On other
    pages most readers never need them.

    What the reader does before they have come is kept, too. The script is no module, because
    WebKit runs a module of the head after those that the page fetches.

    Raises:
        ValueError: A module of which the script is made needs another one.
    """
    start = _STARTS_NOW.search(page)
    first = _FIRST_MODULE.search(page)
    if not (start and first):
        return ""
    folder = first["folder"]
    links = [f'<link rel="modulepreload" href="{folder}{name}.js">' for name in MODULES]
    modules = ((snapshot.ASSETS / f"{name}.js").read_text("utf-8") for name in _AHEAD)
    code = "".join(_EXPORT.sub("", _COMMENT.sub("", module)) for module in modules)
    if _IMPORT.search(code):
        raise ValueError(f"a script can't import: one of {', '.join(_AHEAD)} does")
    addresses = ", ".join(
        f"new URL({json.dumps(address)}, document.baseURI).href"
        for address in (start["runtime"], folder)
    )
    call = f"keepEarly(); if (!savesData()) startAhead({addresses});"
    script = f'<script>(() => {{"use strict";\n{code}{call}\n}})();</script>'
    return "\n" + "\n".join([script, *links])


def _name_search(page: str) -> str:
    """Give the search dialog the name that the theme leaves out: its own field's."""
    label = re.search(r'name="query" aria-label="([^"]*)"', page)
    if not label:
        return page
    return re.sub(
        r'(<div class="md-search"[^>]* role="dialog")>',
        lambda found: f'{found.group(1)} aria-label="{label.group(1)}">',
        page,
        count=1,
    )
