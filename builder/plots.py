"""Plots for the page on speed: what growing lists cost, on scales that multiply.

On such scales a cost that grows with the lines alone is a line that rises as the dashed one.
Like the drawings, they need no script and no colour; the tables beside them hold every figure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from builder.drawings import drawing, written

#: Where a plot's frame stands in its panel, and how large it is.
_LEFT = 62
_TOP = 40
_WIDTH = 286
_HEIGHT = 206
#: How far apart the panels begin.
_PANEL = 388
#: Room below the frame for the counts and the axis's name.
_BELOW = 46
#: How far from the frame's sides the first and the last count stand, as shares of the frame:
#: the last leaves room for what stands beside it.
_BEFORE = 0.1
_AFTER = 0.24


@dataclass(frozen=True, slots=True)
class Point:
    """A count of lines and what it costs; both above 0, each with its words."""

    count: int
    counted: str
    cost: float
    costs: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One panel: its title, what runs along its foot, its points and its budgets."""

    title: str
    along: str
    points: Sequence[Point]
    budgets: Sequence[Point] = ()


def side_by_side(
    plots: Sequence[Plot], title: str, budget: str, number: Callable[[Decimal], str]
) -> str:
    """Return plots as panels of one drawing, with a legend where any has budgets.

    Args:
        plots: The panels, left to right; each with two points or more.
        title: The drawing's name for those who don't see it.
        budget: What the dashed line means.
        number: Writes a number as the language does.
    """
    panels = "".join(_panel(plot, place * _PANEL, number) for place, plot in enumerate(plots))
    height = _TOP + _HEIGHT + _BELOW
    if any(plot.budgets for plot in plots):
        panels += (
            f'<path class="line dashed" d="M{_LEFT} {height + 8}h30"/>'
            f"{written(_LEFT + 38, height + 12, budget, kind='small')}"
        )
        height += 22
    return drawing(height, title, "plot", panels)


def _panel(plot: Plot, left: float, number: Callable[[Decimal], str]) -> str:
    scale = _Scale(plot, left)
    parts = [
        written(left, 16, plot.title, kind="id"),
        (
            f'<rect class="frame" x="{left + _LEFT:g}" y="{_TOP}"'
            f' width="{_WIDTH}" height="{_HEIGHT}"/>'
        ),
        written(left + _LEFT + _WIDTH / 2, _TOP + _HEIGHT + 40, plot.along, "middle", kind="small"),
    ]
    for power in scale.powers:
        at = scale.up(10.0**power)
        parts.append(
            f'<path class="grid" d="M{left + _LEFT:g} {at:g}h{_WIDTH}"/>'
            f"{written(left + _LEFT - 8, at + 4, number(Decimal(10) ** power), 'end', 'small')}"
        )
    parts += [
        written(
            scale.along(point.count), _TOP + _HEIGHT + 20, point.counted, "middle", kind="small"
        )
        for point in plot.points
    ]
    if plot.budgets:
        parts.append(f'<path class="line dashed" d="{_path(plot.budgets, scale)}"/>')
    parts.append(f'<path class="curve" d="{_path(plot.points, scale)}"/>')
    parts += [_dot(point, scale) for point in plot.points]
    return "".join(parts)


def _path(points: Sequence[Point], scale: _Scale) -> str:
    return "M" + "L".join(
        f"{scale.along(point.count):.1f} {scale.up(point.cost):.1f}" for point in points
    )


def _dot(point: Point, scale: _Scale) -> str:
    x, y = scale.along(point.count), scale.up(point.cost)
    return (
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4">'
        f"<title>{escape(f'{point.counted}: {point.costs}')}</title></circle>"
        f"{written(x + 8, y + 16, point.costs, kind='small')}"
    )


class _Scale:
    """Where counts and costs stand in a panel."""

    def __init__(self, plot: Plot, left: float) -> None:
        counts = [math.log10(point.count) for point in plot.points]
        costs = [math.log10(point.cost) for point in (*plot.points, *plot.budgets)]
        self._first, self._span = min(counts), (max(counts) - min(counts)) or 1.0
        self._lowest = math.floor(min(costs))
        self._highest = max(math.ceil(max(costs)), self._lowest + 1)
        self._left = left + _LEFT
        self.powers = range(self._lowest, self._highest + 1)

    def along(self, count: int) -> float:
        share = (math.log10(count) - self._first) / self._span
        return self._left + _WIDTH * (_BEFORE + share * (1 - _BEFORE - _AFTER))

    def up(self, cost: float) -> float:
        share = (math.log10(cost) - self._lowest) / (self._highest - self._lowest)
        return _TOP + _HEIGHT * (1 - share)
