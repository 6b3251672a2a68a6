"""Build the site: set up, check ``data/``, stage pages, bundle the planner, call the engine.

Uses ``planner`` and ``data``; the planner imports nothing of it.
"""
