"""Tables with lines drawn around their cells → with bars between them, as Markdown has them."""

from __future__ import annotations

_UPRIGHT = "\u2502\u2503\u2551\u2506\u2507\u250a\u250b\u254e\u254f"
_BARS = str.maketrans(dict.fromkeys(_UPRIGHT, "|"))
_LEVEL = frozenset("-=\u2500\u2501\u2550\u2504\u2505\u2508\u2509\u254c\u254d")
_DRAWN = frozenset(map(chr, range(0x2500, 0x2580))) | {" "}
_TYPED = frozenset("+-=: ")


def unframed(text: str) -> str:
    """Return a text in which lines that only draw are blank; each line keeps its number.

    Bars that were drawn become typed ones where such lines show that they part cells.
    """
    drawn = "\u2500" in text or "\u2501" in text or "\u2550" in text
    if not drawn and "+-" not in text and "-+" not in text and "+=" not in text:
        return text
    lines = text.split("\n")
    kept = ["" if _only_draws(line) else line for line in lines]
    if kept == lines:
        return text
    return "\n".join(line.translate(_BARS) if drawn else line for line in kept)


def _only_draws(line: str) -> bool:
    """Tell whether a line is the edge of a table, or stands between two rows of one."""
    line = line.strip()
    if line[:1] not in _TYPED and line[:1] not in _DRAWN:
        return False
    marks = {*line}
    typed = marks <= _TYPED and "+" in marks
    return (typed or marks <= _DRAWN) and not marks.isdisjoint(_LEVEL)
