"""Plan the move of licence-based customers to CSP: read → decide → schedule → write.

Pure Python, the same in a browser, on the command line and in tests. Knows
neither MkDocs nor the page it runs in; only ``planner.browser`` speaks to
JavaScript.
"""

__version__ = "0.1.0"
