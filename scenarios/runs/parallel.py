"""Jobs done beside each other by joblib: in this process, on all processors of this machine, or on a cluster."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from queue import Empty, SimpleQueue
from socket import create_connection
from threading import Thread
from time import sleep
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from scenarios.errors import quoted

CLUSTERS = ("dask", "ray")
"""joblib's names of what does jobs on other machines."""

SMALL = 2**36
"""Less work, in multiply-adds, is done in this process before others have started: about a second."""

_ATTEMPTS = 3
"""How often jobs are begun again, in vain each time, where workers are lost."""

_LOOK = 1.0
"""Seconds between two looks at whether a cluster still works on what it was given, and whether one's parent lives."""

_CONNECT = 10
"""Seconds after which there is no cluster at an address."""

Done = TypeVar("Done", covariant=True)
Tick = Callable[[int], object]


class Job(Protocol[Done]):
    """A piece of work that can be sent elsewhere; calling it does it, and tells `tick` the steps made, bit by bit."""

    @property
    def steps(self) -> int:
        """How many steps it has, each replica's of each lane counted."""

    @property
    def work(self) -> int:
        """About how many multiply-adds it is worth."""

    def __call__(self, tick: Tick | None = None) -> Done: ...


class WorkersError(RuntimeError):
    """Why workers cannot do their jobs, on one line."""


@dataclass(frozen=True)
class Workers:
    """Who does jobs. jobs: how many at once, by default one a processor; backend: joblib's name of them.

    address: where a cluster's scheduler is.
    """

    jobs: int | None = None
    backend: str = "loky"
    address: str | None = None

    @contextmanager
    def ready(self) -> Iterator[Crew[Any]]:
        """Whom jobs can be given to, until the block ends; raises WorkersError where there is nobody."""
        if self.backend in CLUSTERS:
            with _CLUSTERS[self.backend](self.address or "", self.jobs) as crew:
                yield crew
        else:
            os.environ.setdefault("LOKY_MAX_CPU_COUNT", str(processors()))  # it warns where it cannot tell
            os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")  # of what ctrl+c took from it
            options = (("initializer", _begin_worker),) if self.backend == "loky" else ()
            yield Crew(self.jobs or processors(), self.backend, options)


def processors() -> int:
    """How many processors this process may use, as far as the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Crew(Generic[Done]):
    """Workers that are there: `count` jobs are done at once.

    options: what joblib needs besides the backend's name. check: raises WorkersError once a cluster gives jobs up.
    """

    count: int
    backend: str
    options: tuple[tuple[str, Any], ...] = ()
    check: Callable[[], object] | None = None

    def each(self, jobs: Sequence[Job[Done]], tick: Tick | None = None) -> Iterator[tuple[int, Done]]:
        """What comes of each job, with its place, in the order in which they get done.

        Jobs lost with a worker are done again. Raises WorkersError where they are lost each time.
        """
        if self.backend not in CLUSTERS and (self.count == 1 or len(jobs) < 2 or sum(job.work for job in jobs) < SMALL):
            yield from ((place, job(tick)) for place, job in enumerate(jobs))
            return
        left, vain = dict(enumerate(jobs)), 0
        while left:
            before = len(left)
            try:
                for place, done in self._begun(left):
                    steps = left.pop(place).steps
                    if tick:
                        tick(steps)
                    yield place, done
            except BrokenExecutor:
                vain = vain + 1 if len(left) == before else 0
                if vain == _ATTEMPTS:
                    message = f"{vain} times worker processes were ended with the same jobs; is there enough memory?"
                    raise WorkersError(message) from None

    def _begun(self, jobs: Mapping[int, Job[Done]]) -> Iterator[tuple[int, Done]]:
        """The jobs by their places, the longest first, handed to joblib, and what comes back."""
        from joblib import Parallel, delayed, parallel_config

        function = _numbered_on_cluster if self.backend in CLUSTERS else _numbered
        longest = sorted(jobs.items(), key=lambda item: -item[1].work)
        calls = (delayed(function)(*item) for item in longest)
        with parallel_config(self.backend, n_jobs=self.count, **dict(self.options)):
            if self.backend == "ray":  # it gives nothing back before all is done
                while part := list(islice(calls, 2 * self.count)):
                    yield from Parallel(batch_size=1)(part)
                return
            ahead = self.count if self.backend == "dask" else 2 * self.count
            results = Parallel(batch_size=1, pre_dispatch=ahead, return_as="generator_unordered")(calls)
            yield from _watched(results, self.check) if self.check else results


def _numbered(place: int, job: Job[Done]) -> tuple[int, Done]:
    return place, job()


def _numbered_on_cluster(place: int, job: Job[Done]) -> tuple[int, Done]:
    """The same with one BLAS thread from then on, as on this machine: results are to be the same bits."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
    return place, job()


def _begin_worker() -> None:
    """What a process begins with: ctrl+c is for the one that has started it, and whose end is its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process once its parent has ended, which may not have come to say so."""
    while os.getppid() == parent:
        sleep(_LOOK)
    os._exit(1)


def _watched(results: Iterable[Done], check: Callable[[], object]) -> Iterator[Done]:
    """The results as they come. Where none comes the cluster is checked: joblib waits forever for what it gave up."""
    queue: SimpleQueue[tuple[str, Any]] = SimpleQueue()

    def pump() -> None:
        try:
            for result in results:
                queue.put(("result", result))
            queue.put(("end", None))
        except BaseException as error:  # it is raised where results are waited for
            queue.put(("error", error))

    Thread(target=pump, daemon=True).start()
    while True:
        try:
            kind, value = queue.get(timeout=_LOOK)
        except Empty:
            check()
            continue
        if kind == "end":
            return
        if kind == "error":
            raise value
        yield value


def _reach(address: str, what: str, example: str) -> None:
    """Raise WorkersError where nothing listens at an address, before a cluster's own client tries it for long."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise WorkersError(f"--address {quoted(address)} has no host and port; allowed: as {example}")
    try:
        create_connection((host, port), _CONNECT).close()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise WorkersError(f"there is no {what} at {address}: {reason}") from None


@contextmanager
def _dask(address: str, jobs: int | None) -> Iterator[Crew[Any]]:
    import asyncio

    try:
        from distributed import Client
        from distributed.comm import connect
    except ImportError:
        raise WorkersError("--backend dask needs the extra dask: pip install 'gradstep[dask]'") from None

    async def greet() -> None:  # a client that finds nobody has more to say than one line
        comm = await asyncio.wait_for(connect(address, timeout=_CONNECT), _CONNECT)
        await comm.close()

    _reach(address, "dask scheduler", "tcp://HOST:8786")
    try:
        asyncio.run(greet())
        client = Client(address, set_as_default=False, timeout=_CONNECT)
    except (OSError, ValueError) as error:
        reason = str(error) or f"no answer after {_CONNECT} s"
        raise WorkersError(f"there is no dask scheduler at {address}: {reason}") from None

    def check() -> None:
        if client.status != "running":
            raise WorkersError(f"the dask scheduler at {address} has gone")
        for state in tuple(client.futures.values()):
            if state.status in ("error", "cancelled", "lost"):
                raise WorkersError(f"the dask cluster gave a job up: {state.exception or state.status}")

    with client:
        count = sum(client.ncores().values())
        if not count:
            raise WorkersError(f"the dask scheduler at {address} has no workers")
        yield Crew(min(count, jobs or count), "dask", (("client", client),), check)


@contextmanager
def _ray(address: str, jobs: int | None) -> Iterator[Crew[Any]]:
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError:
        raise WorkersError("--backend ray needs the extra ray: pip install 'gradstep[ray]'") from None
    if address != "auto":
        _reach(address, "ray cluster", "HOST:6379, or auto for the one on this machine")
    try:
        ray.init(address, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise WorkersError(f"there is no ray cluster at {address}: {error}") from None
    try:
        register_ray()
        count = int(ray.cluster_resources().get("CPU", 1))
        yield Crew(min(count, jobs or count), "ray")
    finally:
        ray.shutdown()


_CLUSTERS = {"dask": _dask, "ray": _ray}
