"""The lesson of a run: its questions, its claims, and what was done in it."""
