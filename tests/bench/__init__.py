"""Benchmarks of the budgets: `python -m tests.bench`."""
