"""Scenarios written as files."""
