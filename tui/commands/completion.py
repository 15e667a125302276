"""`gradstep completion`: the script that lets a shell complete what is typed."""

from __future__ import annotations

from argparse import Namespace


def completion(options: Namespace) -> int:
    """Print the script of a shell; it asks `gradstep` itself at each tab."""
    import argcomplete

    print(argcomplete.shellcode(["gradstep"], shell=options.shell))
    return 0
