"""Drawings for the pages, as inline SVG that needs no script and no colour to be read.

Colours come from classes in ``docs/assets/site.css``, so they follow light and dark. Each
drawing repeats what the page also says in text; its links lead to the rows it draws.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from html import escape

from builder.decisions import Decisions, Row
from builder.lifecycles import Lifecycles, Regime
from planner.words import Words

#: Width of a drawing in its own units; on a narrow screen it scrolls in its box.
_WIDTH = 760

#: The flow: where boxes stand, how wide, and how high a line of text is.
_BOX_LEFT = 1
_BOX_WIDTH = 206
_LINE = 19
_OUTCOME_LEFT = 262
_OUTCOME = 25
_GAP = 26
_PADDING = 11
#: How many letters fit into a line of a box.
_BOX_LETTERS = 23

#: The bars: width of the names, of the term, and of the days after it.
_NAME_WIDTH = 152
_TERM_WIDTH = 88
_AFTER_WIDTH = 420
_BAR = 24
_BAR_ROW = 70
_BAR_TOP = 30
#: How many letters of a bar's name fit into a line.
_NAME_LETTERS = 17
#: How wide a letter of a small label is, about.
_LETTER = 6.6
#: The stages of a bar, in order.
_STAGES = ("term", "users", "admins", "gone")
#: Stage → the pattern that fills it.
_FILLS = {"users": "dots", "admins": "stripes"}


def flow(decisions: Decisions, words: Words) -> str:
    """Return the drawing of the decision table: what is asked in turn, and where it leads."""
    parts: list[str] = []
    top = 1
    before: int | None = None
    for section in decisions.sections:
        lines = textwrap.wrap(section.title, _BOX_LETTERS)
        height = max(len(lines) * _LINE + 2 * _PADDING, len(section.rows) * _OUTCOME + 8)
        if before is not None:
            parts.append(_arrow_down(before, top))
        parts.append(_box(top, height, lines, f"#{section.anchor}"))
        parts += _outcomes(top, height, section.rows)
        before = top + height
        top += height + _GAP
    parts.append(_arrow_down(before or 0, top))
    lines = textwrap.wrap(words.say("decisions.drawing.no_row"), _BOX_LETTERS)
    height = len(lines) * _LINE + 2 * _PADDING
    parts.append(_box(top, height, lines, "#paths"))
    parts.append(_branch(top + height // 2, [top + height // 2]))
    parts.append(written(_OUTCOME_LEFT, top + height // 2 + 5, decisions.no_rule))
    return drawing(top + height + 2, words.say("decisions.drawing.title"), "flow", "".join(parts))


def _box(top: int, height: int, lines: Sequence[str], link: str) -> str:
    middle = top + height / 2 - (len(lines) - 1) * _LINE / 2 + 5
    lines_written = "".join(
        written(_BOX_LEFT + _BOX_WIDTH / 2, middle + number * _LINE, line, "middle")
        for number, line in enumerate(lines)
    )
    return (
        f'<rect class="box" x="{_BOX_LEFT}" y="{top}" width="{_BOX_WIDTH}" height="{height}"'
        f' rx="4"/><a href="{link}" class="name">{lines_written}</a>'
    )


def _outcomes(top: int, height: int, rows: Sequence[Row]) -> list[str]:
    first = top + height / 2 - (len(rows) - 1) * _OUTCOME / 2
    heights = [first + number * _OUTCOME for number in range(len(rows))]
    parts = [_branch(top + height / 2, heights)]
    for row, at in zip(rows, heights, strict=True):
        parts.append(
            f'<a href="#{row.anchor}"><text x="{_OUTCOME_LEFT}" y="{at + 5:g}">'
            f'<tspan class="id">{escape(row.id)}</tspan>'
            f' <tspan dx="6">{escape(row.name)}</tspan></text></a>'
        )
    return parts


def _branch(middle: float, heights: Sequence[float]) -> str:
    """Draw the line from a box to what it leads to."""
    right, knee = _BOX_LEFT + _BOX_WIDTH, _OUTCOME_LEFT - 34
    ends = "".join(f"M{knee} {at:g}H{_OUTCOME_LEFT - 8}m-6 -4l6 4l-6 4" for at in heights)
    return (
        f'<path class="line" d="M{right} {middle:g}H{knee}'
        f'M{knee} {heights[0]:g}V{heights[-1]:g}{ends}"/>'
    )


def _arrow_down(start: float, end: float) -> str:
    middle = _BOX_LEFT + _BOX_WIDTH / 2
    return f'<path class="line" d="M{middle:g} {start:g}V{end - 2:g}m-5 -7l5 7l5 -7"/>'


def bars(lifecycles: Lifecycles, words: Words) -> str:
    """Return the drawing of what follows a term: a bar for each regime, in days."""
    zero = _NAME_WIDTH + _TERM_WIDTH
    scale = _AFTER_WIDTH / lifecycles.longest
    names = {stage: words.say(f"lifecycles.drawing.{stage}") for stage in _STAGES}
    height = _BAR_TOP + len(lifecycles.regimes) * _BAR_ROW
    parts = [
        _patterns(),
        f'<path class="line dashed" d="M{zero} {_BAR_TOP - 8}V{height - 22}"/>',
        written(zero, 14, words.say("lifecycles.drawing.zero"), "middle", "small"),
    ]
    for number, regime in enumerate(lifecycles.regimes):
        top = _BAR_TOP + number * _BAR_ROW
        ends = (_NAME_WIDTH, zero, zero + regime.users * scale, zero + regime.data * scale)
        parts.append(_name(regime, top))
        parts += [
            _stage(stage, names[stage], left, right, top)
            for stage, left, right in zip(_STAGES, ends, (*ends[1:], _WIDTH - 1), strict=True)
        ]
        parts += [
            written(
                zero + day * scale,
                top + _BAR + 16,
                words.say("lifecycles.day", count=day),
                "middle",
                "small",
            )
            for day in dict.fromkeys((regime.users, regime.data))
            if day
        ]
    parts.append(_legend(names, height))
    return drawing(height + _BAR + 4, words.say("lifecycles.drawing.title"), "bars", "".join(parts))


def _name(regime: Regime, top: int) -> str:
    lines = textwrap.wrap(regime.name, _NAME_LETTERS)
    lines_written = "".join(
        written(0, top + 16 + number * _LINE - (len(lines) - 1) * _LINE / 2, line)
        for number, line in enumerate(lines)
    )
    return f'<a href="#{regime.anchor}" class="name">{lines_written}</a>'


def _stage(stage: str, name: str, left: float, right: float, top: float) -> str:
    """Draw one stage of a bar, where it lasts at all, with its name, where that has room."""
    if right <= left:
        return ""
    drawn = (
        f'<rect class="stage {stage}"{_fill(stage)} x="{left:g}" y="{top}"'
        f' width="{right - left:g}" height="{_BAR}"><title>{escape(name)}</title></rect>'
    )
    plate = len(name) * _LETTER + 8
    if plate > right - left - 4:
        return drawn
    middle = (left + right) / 2
    return (
        f'{drawn}<rect class="plate" x="{middle - plate / 2:g}" y="{top + 4}" width="{plate:g}"'
        f' height="{_BAR - 8}"/>{written(middle, top + 16.5, name, "middle", "small")}'
    )


def _legend(names: Mapping[str, str], top: int) -> str:
    """Draw what each fill means."""
    parts: list[str] = []
    left = 1.0
    for stage, name in names.items():
        parts.append(
            f'<rect class="stage {stage}"{_fill(stage)} x="{left:g}" y="{top}" width="32"'
            f' height="16"/>{written(left + 40, top + 12.5, name, kind="small")}'
        )
        left += 40 + len(name) * _LETTER + 28
    return "".join(parts)


def _fill(stage: str) -> str:
    return f' fill="url(#{_FILLS[stage]})"' if stage in _FILLS else ""


def _patterns() -> str:
    """Return the fills that tell the stages apart without colour."""
    return (
        '<defs><pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<circle class="ink" cx="2" cy="2" r="1"/></pattern>'
        '<pattern id="stripes" width="7" height="7" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path class="ink" d="M0 0H2V7H0z"/></pattern></defs>'
    )


def written(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    """Return words at a place, of a kind that ``site.css`` knows."""
    names = f' class="{kind}"' if kind else ""
    return f'<text{names} x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def drawing(height: float, title: str, name: str, content: str) -> str:
    """Return a drawing in a box that scrolls by itself, reachable by keyboard."""
    label = escape(title, quote=True)
    return (
        f'<div class="drawing" role="region" aria-label="{label}" tabindex="0">'
        f'<svg class="{name}" viewBox="0 0 {_WIDTH} {height:g}" role="group"'
        f' aria-label="{label}">{content}</svg></div>'
    )
