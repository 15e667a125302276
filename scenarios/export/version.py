"""Which gradstep this is."""

from __future__ import annotations


def own_version() -> str:
    """The version of this program, "not installed" where it runs from its source folder alone."""
    from importlib.metadata import PackageNotFoundError, version  # dear, and not needed to open a lesson

    try:
        return version("gradstep")
    except PackageNotFoundError:
        return "not installed"
