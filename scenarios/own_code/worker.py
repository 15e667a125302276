"""The process that runs a learner's file: calls its functions with given numbers, and reports what they return.

It is started as a script, by `process.py`, and knows NumPy only: nothing of gradstep is in it. Calls and replies are
frames: a line of JSON about them, and the numbers of their arrays.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, BinaryIO, TypeAlias

import numpy as np

Arrays: TypeAlias = "dict[str, np.ndarray]"
About: TypeAlias = "dict[str, Any]"

ARGUMENTS = {
    "forward": ("X", "W", "b"),
    "loss": ("output", "Y", "W"),
    "backward": ("A", "Z", "Y", "W"),
    "update": ("W", "b", "dW", "db"),
}
RESULTS = {"forward": ("A", "Z"), "loss": ("L",), "backward": ("D", "dW", "db"), "update": ("W", "b")}
MEMORY = 2**30
FILE_SIZE = 2**27
_LARGEST = 2**20
"""An array of more entries is reported by its shape only."""

_REFUSED = (
    *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system"),
    *("os.kill", "os.killpg", "signal.pthread_kill", "pty.spawn", "subprocess.Popen"),
)


def frame(about: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """A call or a reply as bytes."""
    head = {**about, "arrays": [[name, list(array.shape)] for name, array in arrays.items()]}
    numbers = b"".join(np.ascontiguousarray(array, "<f8").tobytes() for array in arrays.values())
    return json.dumps(head).encode() + b"\n" + numbers


def frames(content: bytes) -> Iterator[tuple[About, Arrays]]:
    """The frames that stand whole in bytes; raises ValueError, KeyError or TypeError for what is none."""
    at = 0
    while at < len(content):
        end = content.index(b"\n", at) + 1
        about, arrays = json.loads(content[at:end]), {}
        at = end
        for name, shape in about.pop("arrays"):
            count = math.prod(map(int, shape))
            arrays[name] = np.frombuffer(content, "<f8", abs(count), at).reshape(shape)
            at += 8 * abs(count)
        yield about, arrays


class Caller:
    """Calls a learner's functions; `update` goes on from the state that it returned last."""

    def __init__(self, module: Any, file: str) -> None:
        self.module, self.file = module, file
        self.state: Any = {}
        self.caught: dict[str, int | None] = {}

    def replies(self, about: About, arrays: Arrays) -> Iterator[tuple[About, Arrays]]:
        """What becomes of a call: one reply, or of several steps one for each function of each."""
        if about["function"] == "steps":
            yield from self._steps(about, arrays)
            return
        given = self._given(about, arrays)
        reply, results, _ = self._call(about, given)
        yield reply, results

    def _steps(self, about: About, arrays: Arrays) -> Iterator[tuple[About, Arrays]]:
        """Whole steps, each function with what the others have returned; up to the first that fails."""
        depth, values = about["depth"], self._given(about, arrays)
        for step in range(1, about["steps"] + 1):
            values["X"], values["Y"] = arrays[f"X@{step}"].copy(), self._targets(about, arrays[f"Y@{step}"])
            for function, names in RESULTS.items():
                if function == "loss":
                    values["output"] = values["A" if about["logits"] else "Z"][depth]
                call = {"function": function, "depth": depth, "step": step, "fresh": step == 1}
                reply, results, returned = self._call(call, {name: values[name] for name in ARGUMENTS[function]})
                yield reply, results
                if "error" in reply or reply["faults"]:
                    return
                values |= dict(zip(names, (returned,) if len(names) == 1 else returned, strict=False))

    def _given(self, about: About, arrays: Arrays) -> dict[str, Any]:
        """Arguments by name: arrays, and dictionaries of those that have a layer's number."""
        given: dict[str, Any] = {}
        for key, array in arrays.items():
            name = key.rstrip("0123456789")
            if name == key:
                given[key] = self._targets(about, array) if key == "Y" else array.copy()
            else:
                given.setdefault(name, {})[int(key[len(name) :])] = array.copy()
        return given

    def _targets(self, about: About, array: np.ndarray) -> np.ndarray:
        """y, whole numbers where it is those of classes."""
        return array.astype(np.int64) if about.get("classes") else array.copy()

    def _call(self, about: About, given: dict[str, Any]) -> tuple[About, Arrays, Any]:
        """One call: the reply, the arrays in it, and what was returned."""
        function, before = about["function"], _copied(given)
        more: tuple[Any, ...] = ()
        if function == "update":
            self.state = {} if about["fresh"] else self.state
            more = self.state, about["step"]
        try:
            with np.errstate(all="ignore"):
                returned = getattr(self.module, function)(*(given[name] for name in ARGUMENTS[function]), *more)
                faults, results = _collected(function, about["depth"], returned)
        except BaseException as error:
            missing = not hasattr(self.module, function)
            return {**about, "error": {**described_error(error, self.file), "missing": missing}}, {}, None
        if function == "update" and not faults:
            self.state = returned[2]
        reply = {**about, "faults": faults, "changed": _changed(before, given), "coarse": _coarse(returned)}
        if function == "forward":
            reply["input"] = _first_input(returned, before["X"], given["X"])
        if reply["changed"] and function not in self.caught:
            self.caught[function] = self._changing_line(about, before)
        return {**reply, "line": self.caught.get(function)}, results, returned

    def _changing_line(self, about: About, given: dict[str, Any]) -> int | None:
        """The line in which a function changes its arguments: the call again with some that refuse it."""
        function = about["function"]
        more: tuple[Any, ...] = ({}, about["step"]) if function == "update" else ()
        try:
            with np.errstate(all="ignore"), contextlib.redirect_stdout(None):
                getattr(self.module, function)(*(_fixed(given[name]) for name in ARGUMENTS[function]), *more)
        except BaseException as error:
            return described_error(error, self.file)["line"]
        code = getattr(getattr(self.module, function), "__code__", None)
        return code.co_firstlineno if code is not None and code.co_filename == self.file else None


class _Fixed(dict[int, np.ndarray]):
    """A dictionary in which nothing can be replaced."""

    def _refuse(self, *_: object, **__: object) -> Any:
        raise TypeError("an argument is changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


def _fixed(value: Any) -> Any:
    """A copy of an argument that refuses to be changed."""
    if isinstance(value, dict):
        return _Fixed({d: _fixed(array) for d, array in value.items()})
    array = np.array(value)
    array.flags.writeable = False
    return array


def _first_input(returned: Any, *given: np.ndarray) -> str:
    """What stands in Z[0] where it is not X, as it was given or as it is now; "" where it is."""
    if not isinstance(returned, (tuple, list)) or len(returned) != 2 or not isinstance(returned[1], dict):
        return ""
    value = returned[1].get(0, _NOTHING)
    array = _numbers(value)
    if array is None or array.shape != given[0].shape:
        return described(value)
    near = 1e-2 if isinstance(value, np.ndarray) and value.dtype in _COARSE else 0.0
    return "" if any(np.allclose(array, x, near, near, equal_nan=True) for x in given) else "an array of other numbers"


def _copied(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {d: array.copy() for d, array in value.items()} if isinstance(value, dict) else np.array(value)
        for name, value in given.items()
    }


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of arguments that are no longer what they were, as W[1]."""
    return [
        name if d is None else f"{name}[{d}]"
        for name, value in before.items()
        for d, old, new in _paired(value, after[name])
        if new is None or not np.array_equal(old, new, equal_nan=True)
    ]


def _paired(before: Any, after: Any) -> Iterator[tuple[int | None, np.ndarray, Any]]:
    if isinstance(before, dict):
        yield from ((d, array, after.get(d)) for d, array in before.items())
    else:
        yield None, before, after


def _collected(function: str, depth: int, returned: Any) -> tuple[list[list[Any]], Arrays]:
    """What a function returned as arrays by name and layer, and [name, layer, what is there] where it is none."""
    names = RESULTS[function]
    count = len(names) + (function == "update")
    if function == "loss":
        returned = (returned,)
    elif not isinstance(returned, (tuple, list)) or len(returned) != count:
        return [[None, 0, described(returned)]], {}
    faults: list[list[Any]] = []
    arrays: Arrays = {}
    for name, value in zip(names, returned, strict=False):
        if function == "loss":
            parts = {0: value}
        elif isinstance(value, dict):
            parts = {d: value.get(d, _NOTHING) for d in range(1, depth + 1)}
        else:
            faults.append([name, 0, described(value)])
            continue
        for d, part in parts.items():
            array = None if function != "loss" and isinstance(part, (list, tuple)) else _numbers(part)
            if array is None:
                faults.append([name, d, described(part)])
            else:
                arrays[f"{name}{d or ''}"] = array
    return faults, arrays


_COARSE = (np.float16, np.float32)


def _coarse(returned: Any) -> str:
    """The type of arrays that a function returned in less than double precision, "" where there are none."""
    values = returned if isinstance(returned, (tuple, list)) else (returned,)
    arrays = [part for value in values if isinstance(value, dict) for part in value.values()]
    return next((str(one.dtype) for one in (*values, *arrays) if getattr(one, "dtype", None) in _COARSE), "")


_NOTHING = object()
"""What stands where a dictionary has no such layer."""


def _numbers(value: Any) -> np.ndarray | None:
    """The value as float64, or None if it is no array of numbers, or too large a one."""
    try:
        array = np.asarray(value)
        return array.astype(np.float64) if array.dtype.kind in "biuf" and array.size <= _LARGEST else None
    except Exception:
        return None


def described(value: Any) -> str:
    """What kind of thing a value is."""
    if value is None:
        return "None"
    if value is _NOTHING:
        return "nothing"
    if isinstance(value, np.ndarray):
        return f"an array {value.shape} of {value.dtype}"
    if isinstance(value, (tuple, list, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a value of type {type(value).__name__}"


def described_error(error: BaseException, file: str) -> About:
    """An exception in words, with the last line of the learner's file on the way to it."""
    try:
        message = str(error)[:1000]
    except BaseException:
        message = ""
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == file else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return {"type": type(error).__name__, "message": message, "line": line}


def load(file: str) -> ModuleType:
    """The learner's file as a module; its folder is where it imports from."""
    sys.path.insert(0, os.path.dirname(file))
    module = ModuleType("checked")  # a name that hides no other module, however the file is called
    module.__file__ = file
    sys.modules[module.__name__] = module
    with open(file, "rb") as source:
        exec(compile(source.read(), file, "exec"), module.__dict__)
    return module


def limit(seconds: float) -> None:
    """Bound memory, processor time and files, as far as the system can; start no other programs."""
    try:
        import resource
    except ImportError:  # Windows
        pass
    else:
        limits = [
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, FILE_SIZE),
            (resource.RLIMIT_CPU, int(seconds) + 2),
            (resource.RLIMIT_CORE, 0),
        ]
        for kind, most in limits:
            try:
                resource.setrlimit(kind, (most, most))
            except (ValueError, OSError):  # a lower limit is set already, or the system has none
                continue

    def refuse(event: str, _: object) -> None:
        if event in _REFUSED:
            raise PermissionError("a file that is checked starts no other programs and sends no signals")

    sys.addaudithook(refuse)


def main(file: str, calls: str, report: str, seconds: float) -> None:
    """Make all calls and write a reply to each as soon as it is there."""
    with open(calls, "rb") as given:
        asked = list(frames(given.read()))
    with open(report, "wb", buffering=0) as out, open(f"{report}.hang", "wb", buffering=0) as hang:
        limit(seconds)
        faulthandler.dump_traceback_later(seconds, exit=True, file=hang)
        _answer(file, asked, out)
    end: Callable[[int], object] = os._exit
    end(0)


def _answer(file: str, asked: Sequence[tuple[About, Arrays]], out: BinaryIO) -> None:
    try:
        caller = Caller(load(file), file)
    except BaseException as error:
        out.write(frame({"raised": described_error(error, file)}, {}))
        return
    for number, (about, arrays) in enumerate(asked):
        out.write(frame({"begins": about["function"]}, {}))
        for reply, results in caller.replies(about, arrays):
            out.write(frame({"call": number, **reply}, results))
    out.write(frame({"ends": True}, {}))


if __name__ == "__main__":
    _, own, calls_path, report_path, limit_seconds = sys.argv
    sys.argv = [own]
    main(own, calls_path, report_path, float(limit_seconds))
