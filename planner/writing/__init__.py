"""Write: a plan → JSON, a page, plain text. Every sentence comes from ``planner.words``."""
