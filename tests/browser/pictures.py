"""The kept pictures: what they are compared by, and what they were made with.

They are kept at half their size, which shows all that is compared and takes a third.
Fonts and their edges differ between machines, so pictures are compared at an eighth of
their size, blurred: what has moved, gone or changed its color shows, the shape of a
letter doesn't. Where the browser's version or the fonts differ, lines break elsewhere
and nothing can be compared at all.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping

from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser, Page

from builder.paths import BUILD, ROOT

KEPT = ROOT / "tests" / "browser" / "pictures"
MADE_WITH = KEPT / "made-with.json"

#: Where new pictures go at their full size; one that differs, with the kept one beside it.
FOUND = BUILD / "pictures"

#: Set to make new pictures instead of comparing them.
MAKE = "KEEP_PICTURES"

#: Set to compare every language in every color scheme, which takes twice as long.
ALL = "ALL_PICTURES"
HOW_TO = "`make pictures` (or `python -m builder pictures`) makes new ones; look at each."

#: Width and height in pixels: a desk, a tablet, a phone.
SIZES = ((1440, 900), (1024, 768), (390, 844))

_KEPT_AT = 2
_REDUCED = 4
_LEVELS = 20
#: Share of the reduced picture that may differ by more than so many levels (of 255).
_MOST = 0.004

_QUALITY = 24

_WIDTHS = """() => {
    const context = document.createElement("canvas").getContext("2d");
    const fonts = [getComputedStyle(document.body).fontFamily, "ui-monospace, monospace"];
    return fonts.map((font) => ["400", "700"].map((weight) => {
        context.font = `${weight} 100px ${font}`;
        return Math.round(context.measureText("Weiß, año, wider illegal 0123456789").width);
    }).join(" "));
}"""


def made_with(browser: Browser, page: Page) -> Mapping[str, object]:
    """Return what pictures depend on: the browser's version, how wide its fonts run."""
    return {"chromium": browser.version.partition(".")[0], "fonts": page.evaluate(_WIDTHS)}


def differs_from_kept(here: Mapping[str, object]) -> str:
    """Return why nothing can be compared here, or ``""``."""
    if not MADE_WITH.is_file():
        return f"There are no kept pictures. {HOW_TO}"
    kept = json.loads(MADE_WITH.read_text("utf-8"))
    for what in kept:
        if kept[what] != here[what]:
            return f"The kept pictures were made with other {what}: {kept[what]}. {HOW_TO}"
    return ""


def keep(name: str, taken: bytes, here: Mapping[str, object]) -> None:
    """Keep a picture (PNG) as WebP, and put it where it can be looked at."""
    path = KEPT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    _half(taken).save(path, quality=_QUALITY, method=6)
    full = (FOUND / name).with_suffix(".png")
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_bytes(taken)
    MADE_WITH.write_text(f"{json.dumps(dict(here), indent=2)}\n", "utf-8")


def difference(name: str, taken: bytes) -> str:
    """Return what differs between a picture (PNG) and the kept one as a sentence, or ``""``."""
    path = KEPT / name
    if not path.is_file():
        return f"There is no kept picture {name}. {HOW_TO}"
    kept = Image.open(path).convert("RGB")
    now = _half(taken)
    share = _share(kept, now) if kept.size == now.size else 1.0
    if share <= _MOST:
        return ""
    place = FOUND / name
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Image.new("RGB", (kept.width + now.width, max(kept.height, now.height)))
    beside.paste(kept, (0, 0))
    beside.paste(now, (kept.width, 0))
    beside.save(place)
    return f"{share:.1%} of {name} differ; before and after stand in {place}. {HOW_TO}"


def _half(taken: bytes) -> Image.Image:
    return Image.open(io.BytesIO(taken)).convert("RGB").reduce(_KEPT_AT)


def _share(kept: Image.Image, now: Image.Image) -> float:
    """Return the share of two pictures of one size that differs visibly."""
    apart = ImageChops.difference(_reduced(kept), _reduced(now)).convert("L")
    counts = apart.histogram()
    return sum(counts[_LEVELS:]) / (apart.width * apart.height)


def _reduced(picture: Image.Image) -> Image.Image:
    return picture.reduce(_REDUCED).filter(ImageFilter.GaussianBlur(1))
