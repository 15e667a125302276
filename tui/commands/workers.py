"""Who does the work of a call: this machine's processors, or a cluster."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scenarios.runs.parallel import CLUSTERS, Crew, Workers, WorkersError
from tui.commands.errors import CommandError


@contextmanager
def crew_of(options: Namespace) -> Iterator[Crew[Any]]:
    """Those that `--jobs`, `--backend` and `--address` ask for, until the block ends; raises CommandError."""
    backend, address = getattr(options, "backend", "loky"), getattr(options, "address", None)
    if backend in CLUSTERS and address is None:
        raise CommandError(f"--backend {backend} needs --address, where the cluster's scheduler is")
    if backend not in CLUSTERS and address is not None:
        raise CommandError(f"--address is for --backend {' and '.join(CLUSTERS)}; found {backend}")
    try:
        with Workers(options.jobs, backend, address).ready() as crew:
            yield crew
    except WorkersError as error:
        raise CommandError(str(error)) from None
