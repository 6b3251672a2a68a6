"""Licences of a product that aren't enabled any more: how many there still are, and their state."""

from __future__ import annotations

from planner.reading.columns import Values

_STATES = {
    "units_in_grace": "grace",
    "units_expired": "expired",
    "units_suspended": "suspended",
    "units_locked_out": "locked_out",
}
"""Field of a format → state of the licences that it counts, the nearest to deletion last."""

#: Licences of a product that can still be saved though none is enabled any more; the plan counts
#: them where the row has what its source calls the licences.
UNITS_KEPT = "units_kept"


def take_later_stages(values: Values) -> None:
    """Count the licences of a product of which none is enabled any more, as ``UNITS_KEPT``.

    The state is that of the ones nearest to deletion, unless the source states one itself.
    """
    enabled = values.fields.get("units_enabled", [])
    if 0 not in enabled:
        return
    kept = values.fields[UNITS_KEPT] = [None] * len(enabled)
    states = values.fields.setdefault("state", [None] * len(enabled))
    for place, running in enumerate(enabled):
        left: dict[str, int] = {}
        for name, state in _STATES.items():
            units = values.fields[name][place] if name in values.fields else None
            if isinstance(units, int) and units:
                left[state] = units
        if running == 0 and left:
            kept[place] = sum(left.values())
            if states[place] in {None, "active"}:
                states[place] = [*left][-1]
