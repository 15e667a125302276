"""Starting values in an `.npz` file: read exactly, nothing outside the folder is, and refused in words."""

import contextlib
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.errors import ScenarioError
from scenarios.export.continuation import continued
from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.file import npz_values
from scenarios.file.loader import load, parse
from scenarios.file.npz_values import read_values
from scenarios.runs.build import build
from tui.cli import main

SCENARIO = """
format = 1
name = "given"
[data]
points = [[1, 2, 3], [2, -1, 0]]
[defaults]
hidden = [2]
{defaults}
[[lanes]]
id = "net"
{lane}
"""
VALUES = {
    "W1": np.array([[1.0, 1 / 3], [-1.0, 0.1]]),
    "b1": np.array([0.5, 1e-300]),
    "W2": np.array([[2.0, 3.0]]),
    "b2": np.array([-1.0]),
}


def packed(save=np.savez, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def scenario(folder, lane='parameters = "start.npz"', defaults="", **arrays):
    (folder / "start.npz").write_bytes(packed(**(arrays or VALUES)))
    (folder / "given.toml").write_text(SCENARIO.format(lane=lane, defaults=defaults))
    return load(str(folder / "given.toml"))


def refusal(folder, lane='parameters = "start.npz"', **arrays):
    with pytest.raises(ScenarioError) as error:
        scenario(folder, lane, **arrays)
    assert error.value.key.startswith("lanes.net.parameters")
    return str(error.value)


@pytest.mark.parametrize("how", [{}, {"lane": "", "defaults": 'parameters = "start.npz"'}])
def test_a_lane_starts_from_the_very_numbers(tmp_path, how):
    (lane,) = build(scenario(tmp_path, **how))
    for name, part in lane.model.parts(lane.start):
        np.testing.assert_array_equal(part, VALUES[name])


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", ">f8", "i4", "u1"])
def test_every_way_in_which_numpy_packs_numbers_is_read(tmp_path, save, dtype):
    w = np.arange(6).reshape(2, 3).astype(dtype)
    (tmp_path / "a.npz").write_bytes(packed(save, W1=w, b1=w[0], W2=np.asfortranarray(w)))
    found = read_values(tmp_path, "a.npz")
    assert {array.dtype for array in found.values()} == {np.dtype(np.float64)}
    for name, array in (("W1", w), ("b1", w[0]), ("W2", w)):
        np.testing.assert_array_equal(found[name], array)


def test_some_layers_may_be_left_to_chance(tmp_path):
    drawn = build(scenario(tmp_path, lane=""))[0].start
    some = build(scenario(tmp_path, b1=VALUES["b1"]))[0]
    parts = dict(some.model.parts(some.start))
    np.testing.assert_array_equal(parts["b1"], VALUES["b1"])
    np.testing.assert_array_equal(parts["W1"], dict(some.model.parts(drawn))["W1"])


def test_what_does_not_fit_the_network_is_named(tmp_path):
    assert 'parameters.W1: in "start.npz" found 3×2; allowed: 2×2 numbers (out × in)' in refusal(
        tmp_path, W1=np.ones((3, 2))
    )
    assert 'parameters.b2: in "start.npz" found 1×1; allowed: 1 numbers' in refusal(tmp_path, b2=np.ones((1, 1)))
    assert 'parameters.W3: in "start.npz" unknown key; allowed: W1, b1, W2, b2' in refusal(tmp_path, W3=np.ones(1))
    assert "found 3; allowed: a table or text" in refusal(tmp_path, "parameters = 3")


def test_the_rules_of_other_files_hold(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "out.npz").write_bytes(packed(**VALUES))
    (inside / "link.npz").symlink_to(tmp_path / "out.npz")
    (inside / "folder.npz").mkdir()
    for name, why in (
        ("../out.npz", 'without ".."'),
        (str(tmp_path / "out.npz"), "relative to this file"),
        ("link.npz", "a link out of the folder"),
        ("none.npz", "cannot read"),
        ("folder.npz", "is not a file"),
        ("", "relative to this file"),
    ):
        assert why in refusal(inside, f"parameters = '{name}'")


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({"W1": np.array([["a", "b"], ["c", "d"]])}, 'numbers of type "<U1"; allowed: float64'),
        ({"W1": np.array([[None, 1], [1, 1]])}, 'numbers of type "object"; allowed: float64'),
        ({"W1": np.array([[1j, 1], [1, 1]])}, 'numbers of type "complex128"; allowed: float64'),
        ({"W1": np.array([[np.nan, 1], [1, 1]])}, "some are not finite"),
        ({"b1": np.array([np.inf, 1])}, "some are not finite"),
    ],
)
def test_what_is_no_finite_number_is_refused(tmp_path, arrays, why):
    said = refusal(tmp_path, **arrays)
    assert why in said
    assert f'"start.npz", "{next(iter(arrays))}": ' in said


def test_what_is_no_such_file_is_refused(tmp_path, monkeypatch):
    def read(content):
        (tmp_path / "a.npz").write_bytes(content)
        with pytest.raises(ValueError, match=r'^"a.npz"|^cannot read "a.npz"') as error:
            read_values(tmp_path, "a.npz")
        return str(error.value)

    whole = packed(**VALUES)
    for content in (b"", b"W1", whole[:-30], np.lib.format.magic(1, 0)):
        assert "is no .npz file" in read(content)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("W1.npy", b"x")
    assert "packed in another way" in read(file.getvalue())
    huge = io.BytesIO()
    np.lib.format.write_array_header_1_0(huge, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("W1.npy", huge.getvalue())
    assert '"W1" ends too early' in read(file.getvalue())
    monkeypatch.setattr(npz_values, "MAX_NPZ_BYTES", 1000)
    assert "larger than" in read(whole)
    assert "larger than numpy.savez packs" in read(packed(np.savez_compressed, W1=np.zeros(1000)))


@given(st.data())
def test_no_bytes_whatever_end_in_a_traceback(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("bytes")
    content = bytearray(packed(data.draw(st.sampled_from([np.savez, np.savez_compressed])), **VALUES))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / "a.npz").write_bytes(content)
    with contextlib.suppress(ValueError):
        assert all(np.isfinite(array).all() for array in read_values(folder, "a.npz").values())


def test_an_export_needs_no_other_file(tmp_path):
    original = scenario(tmp_path)
    (lane,) = build(original)
    for tables in (self_contained(original), continued(original, original.seed, [lane], 10)):
        (again,) = build(parse(toml_text(tables).encode(), "again", tmp_path / "elsewhere"))
        np.testing.assert_array_equal(again.start, lane.start)


def test_a_run_never_replaces_it(tmp_path, monkeypatch, capsys):
    scenario(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert main(["run", "given.toml", "--steps", "1", "--force", "--record", "start.npz"]) == 2
    assert "holds the scenario's starting values; it is never overwritten" in capsys.readouterr().err
    assert main(["run", "given.toml", "--steps", "1", "--set", "lanes.net.parameters.W1=[[1]]"]) == 2
    assert "has no keys" in capsys.readouterr().err
