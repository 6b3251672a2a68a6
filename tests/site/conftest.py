"""Read the built site as a reader's browser would: pages, their links, what they load."""

from __future__ import annotations

import html.parser
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from builder.paths import SITE

#: Attributes by which an element makes the browser fetch something at once.
LOADING = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}

#: Links of a page's head that are fetched at once; others only name an address.
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "preconnect"}


@dataclass
class Page(html.parser.HTMLParser):
    """One page of the built site."""

    path: Path
    language: str = ""
    anchors: set[str] = field(default_factory=set)
    links: list[dict[str, str]] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    alternates: dict[str, str] = field(default_factory=dict)
    policies: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.text = self.path.read_text("utf-8")
        self.feed(self.text)

    @property
    def name(self) -> str:
        return self.path.relative_to(SITE).as_posix()

    @property
    def address(self) -> str:
        """The page's address below the site's root, as ``/en/move/``."""
        return f"/{self.name}".removesuffix("index.html")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.anchors.add(attributes["id"])
        if tag == "html":
            self.language = attributes["lang"]
        if tag == "a" and "href" in attributes:
            self.links.append(attributes)
        if tag == "meta" and attributes.get("http-equiv") == "content-security-policy":
            self.policies.append(attributes["content"])
        kinds = set(attributes.get("rel", "").split()) if tag == "link" else set()
        if "alternate" in kinds and "hreflang" in attributes:
            self.alternates[attributes["hreflang"]] = attributes["href"]
        if kinds & LOADED_LINKS:
            self.loads.append(attributes["href"])
        self.loads += [attributes[name] for name in LOADING.get(tag, ()) if name in attributes]


def _pages() -> list[Page]:
    return [Page(path) for path in sorted(SITE.rglob("*.html"))]


@pytest.fixture(scope="session")
def site() -> dict[str, Page]:
    """Every page of the built site by its address."""
    pages = {page.address: page for page in _pages()}
    assert pages, "build the site first: python -m builder build"
    return pages


@pytest.fixture(scope="session")
def languages() -> list[str]:
    """The languages that the site was built in."""
    return sorted(path.parent.name for path in SITE.glob("*/index.html"))
