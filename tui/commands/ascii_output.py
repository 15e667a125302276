"""Whether a call writes ASCII only: because it was asked to, or because the terminal takes nothing else."""

from __future__ import annotations

import os
import sys
from argparse import Namespace


def ascii_only(options: Namespace) -> bool:
    """Whether `--ascii` or GRADSTEP_ASCII=1 asks for it, or stdout does not take UTF-8.

    That is what the environment says; Python itself writes UTF-8 in a POSIX locale too.
    """
    posix = os.environ.get("LC_ALL") in ("C", "POSIX")
    takes_utf8 = "utf" in sys.stdout.encoding.lower() and not posix
    return options.ascii or os.environ.get("GRADSTEP_ASCII") == "1" or not takes_utf8
