"""No bytes whatever open as a run but those of one: all others are refused in one line."""

from functools import cache
from pathlib import Path

import msgspec
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.file.loader import load, parse
from scenarios.runs.build import build
from tui.archive.container import unwrap, wrap
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run
from tui.archive.errors import ArchiveError
from tui.session.cursor import Cursor
from tui.session.lane_run import LaneRun
from tui.session.snapshot import SavedRun


@cache
def whole():
    scenario = load("disc-depth", ["data.samples=8", "data.test_samples=2", "lanes.wide.hidden=[2]"])
    lane_runs = tuple(map(LaneRun.begin, build(scenario)))
    for lane_run in lane_runs:
        lane_run.timeline.state_at(20)
    return encode_run(SavedRun(scenario, 0, lane_runs, Cursor(20)))


def opened(file):
    """The run in a file, or the one line that refuses it."""
    try:
        return decode_run(file)
    except ArchiveError as error:
        message = str(error)
    assert "\n" not in message
    return message


def refused(file, words=""):
    message = opened(file)
    assert isinstance(message, str)
    assert words in message


@given(st.binary(max_size=300))
def test_any_bytes(file):
    refused(file, "not a saved run")


@given(st.binary(max_size=300))
def test_any_bytes_behind_the_first_line(rest):
    refused(b"gradstep run 1\n" + rest, "damaged")


@given(st.data())
def test_a_file_cut_short(data):
    refused(whole()[: data.draw(st.integers(0, len(whole()) - 1))])


@given(st.data())
def test_a_file_with_something_behind_it(data):
    refused(whole() + data.draw(st.binary(min_size=1, max_size=20)), "damaged")


@settings(max_examples=300)
@given(st.data())
def test_a_single_bit(data):
    place = data.draw(st.integers(0, 8 * len(whole()) - 1))
    file = bytearray(whole())
    file[place // 8] ^= 1 << place % 8
    refused(bytes(file))


def test_a_file_of_a_newer_program_is_told_apart():
    refused(whole().replace(b"gradstep run 1\n", b"gradstep run 12\n", 1), "newer gradstep, in format 12")


@given(st.binary(max_size=60))
def test_a_whole_file_with_another_header(header):
    _, arrays = unwrap(whole())
    refused(wrap(header, arrays))


def test_a_whole_file_of_arrays_without_a_header():
    from hashlib import sha256

    from safetensors.numpy import save

    content = save({"a": np.zeros(3)})
    refused(b"gradstep run 1\n" + sha256(content).digest() + content, "not a saved run")


def places(value, path=()):
    """The path of every value in a tree."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def with_value(tree, path, value):
    if not path:
        return value
    copy = tree.copy()
    copy[path[0]] = with_value(tree[path[0]], path[1:], value)
    return copy


anything = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.just([])
anything |= st.just({}) | st.sampled_from([-1, 0, 1, 2**63, 10**30, "adam", "csv"])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_whole_file_with_one_value_of_its_header_changed_opens_or_is_refused(data):
    content, arrays = unwrap(whole())
    header = msgspec.json.decode(content)
    path = data.draw(st.sampled_from(list(places(header))))
    try:
        other = msgspec.json.encode(with_value(header, path, data.draw(anything)))
    except OverflowError:
        return
    run = opened(wrap(other, arrays))
    assert isinstance(run, str) or run.lane_runs[0].timeline.reached == 20


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_whole_file_with_one_array_changed_opens_or_is_refused(data):
    header, arrays = unwrap(whole())
    name = data.draw(st.sampled_from(sorted(arrays)))
    array = arrays[name]
    kind = data.draw(st.sampled_from(["gone", "longer", "type", "value"]))
    if kind == "gone":
        del arrays[name]
    elif kind == "longer":
        arrays[name] = np.concatenate([array, array])
    elif kind == "type":
        arrays[name] = array.astype(np.float32)
    elif array.size:
        arrays[name] = array.copy()
        extremes = [-1, 0, 2**62] if array.dtype == np.int64 else [np.nan, np.inf, -1.0, 1e300]
        arrays[name].flat[data.draw(st.integers(0, array.size - 1))] = data.draw(st.sampled_from(extremes))
    run = opened(wrap(header, arrays))
    assert isinstance(run, str) or kind == "value" or name == "header"


def test_a_file_that_asks_for_another_file_is_refused():
    content, arrays = unwrap(whole())
    header = msgspec.json.decode(content)
    header["scenario"]["data"] = {"csv": "pyproject.toml"}
    refused(wrap(msgspec.json.encode(header), arrays), "its data stand in another file")


def test_samples_of_a_class_that_the_network_has_no_output_for():
    text = 'format = 1\nname = "own"\n[data]\npoints = [[0, 1], [1, 0], [2, 2]]\n'
    text += '[[lanes]]\nid = "a"\nhidden = [2]\nloss = "softmax_cross_entropy"\n'
    scenario = parse(text.encode(), "own.toml", Path())
    header, arrays = unwrap(encode_run(SavedRun(scenario, 0, tuple(map(LaneRun.begin, build(scenario))), Cursor())))
    for number in (3.0, 0.5, -1.0):
        refused(wrap(header, {**arrays, "data/y": np.array([[0.0], [1.0], [number]])}), "do not fit the loss")
