"""Decide: one subscription → a recommendation with its path, days and reasons."""

from planner.deciding.recommend import recommend

__all__ = ["recommend"]
