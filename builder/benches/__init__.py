"""Measure every budget of the project, side by side with what it is measured against."""
