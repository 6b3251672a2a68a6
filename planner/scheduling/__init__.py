"""Schedule: many recommendations → one plan, with its agenda and the day of each cutover."""

from planner.scheduling.assembling import assemble
from planner.scheduling.portfolio import schedule_cutovers

__all__ = ["assemble", "schedule_cutovers"]
