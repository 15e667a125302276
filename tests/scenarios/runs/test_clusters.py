"""Jobs done by real clusters on this machine: of dask, a worker of which is killed on the way, and of ray."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from scenarios.runs import parallel
from scenarios.runs.parallel import Workers, WorkersError
from scenarios.runs.sweep import jobs_of, plan_sweep, rows_of
from tests.scenarios.runs.test_parallel import Ended, Square
from tests.scenarios.runs.test_sweep import DRAWN, alone

pytest.importorskip("distributed", reason="the extra dask is not installed")
real = pytest.mark.skipif(
    "GRADSTEP_CLUSTERS" not in os.environ, reason="a real cluster is started with GRADSTEP_CLUSTERS=1 only"
)

ROOT = Path(__file__).parents[3]
CLUSTER = """
import sys, time
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        print(cluster.scheduler_address, *(nanny.process.pid for nanny in cluster.workers.values()), flush=True)
        sys.stdin.read()
"""


@dataclass(frozen=True)
class LocalDask:
    """A cluster's address, and the processes of its two workers."""

    address: str
    workers: tuple[int, ...]


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDask]:
    with started(CLUSTER, tmp_path_factory.mktemp("cluster")) as (address, *workers):
        yield LocalDask(address, tuple(map(int, workers)))


@contextmanager
def started(program: str, folder: Path) -> Iterator[list[str]]:
    """What a cluster in a process of its own says first; its end is that of its standard input."""
    script = folder / "cluster.py"
    script.write_text(program)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(
        [sys.executable, script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
        cwd=script.parent,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()
    finally:
        process.communicate()


@real
def test_rows_lost_with_a_worker_are_done_again_and_are_the_same_to_the_last_bit(
    dask: LocalDask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "SMALL", 0)
    file = tmp_path / "my.toml"
    file.write_text(DRAWN)
    sweep = plan_sweep(str(file), ["defaults.l2=0..0.5:6", "steps=40,2000"], seeds=2)
    found = {}
    with Workers(backend="dask", address=dask.address).ready() as crew:
        assert crew.count == 2
        for done in rows_of(jobs_of(sweep, (), crew.count), crew):
            if not found:
                os.kill(dask.workers[0], signal.SIGKILL)
            found |= {(row.setting, row.seed): row for row in done}
    assert found == alone(sweep, str(file))


@real
def test_a_job_that_kills_its_workers_is_given_up_in_words(dask: LocalDask) -> None:
    with (
        Workers(backend="dask", address=dask.address).ready() as crew,
        pytest.raises(WorkersError, match="the dask cluster gave a job up"),
    ):
        list(crew.each([Ended(0), Square(1)]))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:1", "there is no dask scheduler at tcp://127.0.0.1:1: Connection refused"),
        ("nonsense", '--address "nonsense" has no host and port; allowed: as tcp://HOST:8786'),
        (
            "tcp://127.0.0.1:99999",
            '--address "tcp://127.0.0.1:99999" has no host and port; allowed: as tcp://HOST:8786',
        ),
        ("foo://{}", "there is no dask scheduler at foo://{}: unknown address scheme 'foo' (known"),
        ("tcp://{}", "there is no dask scheduler at tcp://{}: no answer after 0.2 s"),
    ],
)
def test_a_cluster_that_is_not_there_is_said(address: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_CONNECT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = f"127.0.0.1:{silent.getsockname()[1]}"
        workers = Workers(backend="dask", address=address.format(there))
        with pytest.raises(WorkersError) as error, workers.ready():
            pass
    assert str(error.value).startswith(said.format(there))


RAY = """
import subprocess, sys
from socket import create_server
with create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
options = "--num-cpus=2", "--include-dashboard=false", "--disable-usage-stats", "--node-ip-address=127.0.0.1"
call = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", f"--port={port}", *options]
with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as cluster:
    for line in cluster.stdout:
        if "Ray runtime started" in line:
            break
    print(f"127.0.0.1:{port}", flush=True)
    sys.stdin.read()
    cluster.terminate()
"""


@real
def test_rows_of_a_ray_cluster_are_the_same_to_the_last_bit(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra ray is not installed")
    file = tmp_path / "my.toml"
    file.write_text(DRAWN)
    sweep = plan_sweep(str(file), ["defaults.l2=0..0.5:3"], seeds=2)
    with started(RAY, tmp_path) as (address,), Workers(backend="ray", address=address).ready() as crew:
        assert crew.count == 2
        found = {(row.setting, row.seed): row for done in rows_of(jobs_of(sweep, (), crew.count), crew) for row in done}
    assert found == alone(sweep, str(file))


def test_a_ray_cluster_that_is_not_there_is_said() -> None:
    pytest.importorskip("ray", reason="the extra ray is not installed")
    with (
        pytest.raises(WorkersError, match=r"^there is no ray cluster at 127\.0\.0\.1:1: Connection refused$"),
        Workers(backend="ray", address="127.0.0.1:1").ready(),
    ):
        pass
