"""Saved runs as bytes and files, and the run that is kept as it goes on."""
