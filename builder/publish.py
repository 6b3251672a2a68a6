"""Turn what the engine made into the finished site: policy, first page, runtime."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import jinja2

from builder import files
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
) -> None:
    """Fill ``site/`` with every language, the first page, the browser's runtime and data.

    ``published`` are files for the site's root, by name.
    """
    content: dict[str, bytes | Path] = {**published}
    for language in languages:
        for name, path in files.tree_of(build / "engine" / language.tag).items():
            if name in _SITEMAP and not address:
                continue
            content[f"{language.tag}/{name}"] = (
                finished(path.read_text("utf-8")).encode() if name.endswith(".html") else path
            )
    for name, path in files.tree_of(runtime.folder).items():
        content[f"runtime/{name}"] = path
    content |= root_pages(docs / "root", languages, address)
    files.fill(site, content)


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


def finished(page: str) -> str:
    """Return a page with its content security policy and a name for the search dialog."""
    policy = f'<meta http-equiv="content-security-policy" content="{policy_of(page)}">'
    with_policy = _CHARSET.sub(lambda found: f"{found.group()}\n{policy}", page, count=1)
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
