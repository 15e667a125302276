"""Jobs done beside each other: all of them, once each, whoever does them and whatever happens to these."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scenarios.errors import ScenarioError
from scenarios.runs import parallel
from scenarios.runs.parallel import SMALL, Crew, Workers, WorkersError


@dataclass(frozen=True)
class Square:
    """A job that tells where it was done."""

    number: int
    steps: int = 3
    work: int = SMALL

    def __call__(self, tick: Callable[[int], object] | None = None) -> tuple[int, int]:
        if tick:
            tick(self.steps)
        return self.number**2, os.getpid()


@dataclass(frozen=True)
class Ended(Square):
    """A job whose process is ended: in the first attempt, or in every one."""

    flag: Path | None = None

    def __call__(self, tick: Callable[[int], object] | None = None) -> tuple[int, int]:
        if self.flag is None or not self.flag.exists():
            if self.flag:
                self.flag.touch()
            os._exit(9)
        return super().__call__(tick)


@dataclass(frozen=True)
class Refused(Square):
    """A job with a scenario that is wrong."""

    def __call__(self, tick: Callable[[int], object] | None = None) -> tuple[int, int]:
        raise ScenarioError("my.toml", "lanes.a", "it is wrong")


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew[Any]]:
    with Workers(jobs=2).ready() as crew:
        yield crew


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_each_job_is_done_once_and_counted(backend: str) -> None:
    ticks: list[int] = []
    with Workers(2, backend).ready() as crew:
        done = dict(crew.each([Square(number) for number in range(7)], ticks.append))
    assert {place: square for place, (square, _) in done.items()} == {place: place**2 for place in range(7)}
    assert sum(ticks) == 7 * 3
    assert (os.getpid() in {where for _, where in done.values()}) == (backend == "threading")


@pytest.mark.parametrize(("jobs", "work"), [(1, SMALL), (2, SMALL // 8)])
def test_little_work_and_a_single_worker_stay_in_this_process(jobs: int, work: int) -> None:
    ticks: list[int] = []
    with Workers(jobs).ready() as crew:
        found = list(crew.each([Square(number, work=work) for number in range(4)], ticks.append))
    assert found == [(number, (number**2, os.getpid())) for number in range(4)]
    assert ticks == [3] * 4


def test_jobs_that_are_lost_with_a_process_are_done_again(crew: Crew[Any], tmp_path: Path) -> None:
    jobs = [Square(0), Ended(1, flag=tmp_path / "ended"), *map(Square, range(2, 6))]
    ticks: list[int] = []
    found = list(crew.each(jobs, ticks.append))
    assert sorted((place, square) for place, (square, _) in found) == [(place, place**2) for place in range(6)]
    assert sum(ticks) == 6 * 3


def test_a_job_that_ends_its_process_each_time_is_given_up(crew: Crew[Any]) -> None:
    with pytest.raises(WorkersError, match="is there enough memory"):
        list(crew.each([Ended(0), Ended(1)]))


def test_what_a_job_refuses_is_said_as_if_it_had_been_done_here(crew: Crew[Any]) -> None:
    with pytest.raises(ScenarioError, match=r"^my\.toml: lanes\.a: it is wrong$"):
        list(crew.each([Refused(0), Square(1)]))


def test_an_error_keeps_its_parts_on_its_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ScenarioError("a", "b", "c")))
    assert (error.file, error.key, error.message, str(error)) == ("a", "b", "c", "a: b: c")


def test_jobs_that_take_longest_begin_first(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    monkeypatch.setattr(parallel, "_numbered", lambda place, job: (begun.append(place), (place, job()))[1])
    with Workers(2, "threading").ready() as crew:
        list(crew.each([Square(0, work=SMALL), Square(1, work=3 * SMALL), Square(2, work=2 * SMALL)]))
    assert begun[0] == 1
    assert sorted(begun) == [0, 1, 2]


KILLED = """
import sys
from scenarios.runs.parallel import Workers
from tests.scenarios.runs.test_parallel import Square
if __name__ == "__main__":
    with Workers(2).ready() as crew:
        print(*{where for _, (_, where) in crew.each([Square(number) for number in range(4)])}, flush=True)
        sys.stdin.read()
"""


def test_workers_end_with_the_process_that_began_them(tmp_path: Path) -> None:
    (tmp_path / "killed.py").write_text(KILLED)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, tmp_path / "killed.py"], env=environment, text=True, **pipes) as process:
        assert process.stdout is not None
        workers = [Path("/proc", pid) for pid in process.stdout.readline().split()]
        assert workers
        process.kill()
    end = time.monotonic() + 60
    while any(map(Path.exists, workers)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(Path.exists, workers))
