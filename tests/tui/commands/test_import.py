"""`gradstep import`: a scenario starts from the very numbers of a network; what cannot be told is refused in words."""

from __future__ import annotations

import contextlib
import json
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from scenarios.errors import ScenarioError
from scenarios.file.loader import load
from scenarios.file.state_dict import read_state_dict
from scenarios.runs.build import build
from tui.cli import main
from tui.exports.torch import safetensors
from tui.exports.trained import trained

DRAWS = np.random.default_rng(7)
CALL = ("net.safetensors", "mine.toml", "--csv", "data.csv", "--loss", "squared")


def chain(*sizes: int, places: tuple[int, ...] = (), dtype: str = "f8") -> dict[str, np.ndarray]:
    """A state dict of linear layers with activations between."""
    found = {}
    for number, (inputs, units) in enumerate(pairwise(sizes)):
        place = places[number] if places else 2 * number
        found[f"{place}.weight"] = DRAWS.standard_normal((units, inputs)).astype(dtype)
        found[f"{place}.bias"] = DRAWS.standard_normal(units).astype(dtype)
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    Path("net.safetensors").write_bytes(save(chain(2, 3, 1)))
    Path("data.csv").write_text("x1,x2,y1\n1,2,0\n2,1,1\n0,1,1\n")
    return tmp_path


def made(*words: str) -> Any:
    assert main(["import", *words]) == 0
    return build(load("mine.toml"))[0]


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    before = sorted(Path().rglob("*"))
    assert main(["import", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert sorted(Path().rglob("*")) == before
    return err


def network(tensors: dict[str, np.ndarray]) -> None:
    Path("net.safetensors").write_bytes(save(tensors))


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2"])
def test_the_lane_starts_from_the_very_numbers(dtype: str) -> None:
    tensors = chain(2, 3, 4, 1, dtype=dtype)
    network(tensors)
    lane = made(*CALL, "--activation", "tanh,relu", "--output", "sigmoid")
    assert lane.model.network.sizes == (2, 3, 4, 1)
    assert lane.model.network.activations == ("tanh", "relu", "sigmoid")
    parts = [part for _, part in lane.model.parts(lane.start)]
    for part, tensor in zip(parts, tensors.values(), strict=True):
        np.testing.assert_array_equal(part, tensor.astype(np.float64))


def test_what_the_app_exports_comes_back_and_trains_on_as_it_would(tmp_path: Path) -> None:
    points = "\n".join(f"{x!r},{y!r},{x * y > 0:d}" for x, y in DRAWS.standard_normal((20, 2)).tolist())
    Path("data.csv").write_text(f"x1,x2,y1\n{points}\n")
    Path("own.toml").write_text(
        'format = 1\nname = "own"\n[data]\ncsv = "data.csv"\n[[lanes]]\nid = "a"\nhidden = [5, 4]\n'
        'activation = ["tanh", "linear"]\nloss = "logistic"\noptimizer = { name = "adam", learning_rate = 0.01 }\n'
    )
    (lane,) = build(load("own.toml"))
    Path("net.safetensors").write_bytes(safetensors(trained("own", lane, lane.start, 0), {}))
    again = made(
        "net.safetensors",
        *("--csv", "data.csv", "--loss", "logistic", "--activation", "tanh,linear"),
        *("--optimizer", '{ name = "adam", learning_rate = 0.01 }', "mine.toml"),
    )
    assert again.settings == lane.settings
    np.testing.assert_array_equal(again.start, lane.start)


def test_many_numbers_stand_in_a_file_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    tensors = chain(2, 200, 60, 1)
    network(tensors)
    lane = made(*CALL, "--activation", "relu")
    assert "mine.toml and mine-start.npz written" in capsys.readouterr().out
    assert 'parameters = "mine-start.npz"' in Path("mine.toml").read_text()
    np.testing.assert_array_equal(lane.start[:400], tensors["0.weight"].ravel())
    np.testing.assert_array_equal(lane.start[-1:], tensors["4.bias"])


def test_few_numbers_stand_in_the_scenario_for_people_to_read() -> None:
    made(*CALL, "--activation", "relu")
    assert not Path("mine-start.npz").exists()
    text = Path("mine.toml").read_text()
    assert "\n[lanes.parameters]\nW1 = [\n    [" in text


def test_a_network_without_hidden_layers_has_no_activations() -> None:
    network(chain(2, 1))
    assert made(*CALL).model.network.sizes == (2, 1)


def test_samples_may_stand_below_the_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    Path("below").mkdir()
    Path("data.csv").rename("below/data.csv")
    words = ("net.safetensors", "--loss", "squared", "--activation", "relu", "--csv")
    made(*words, "below/data.csv", "mine.toml")
    assert 'csv = "below/data.csv"' in Path("mine.toml").read_text()
    Path("other").mkdir()
    assert "allowed: a file in the folder of other/mine.toml, or below" in refusal(
        capsys, *words, "below/data.csv", "other/mine.toml"
    )


def test_activations_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--activation: missing: a state dict does not tell the activations; allowed: a name, of relu," in refusal(
        capsys, *CALL
    )
    network(chain(2, 3, 4, 1))
    assert "allowed: one name for all, or 2 with commas between, of" in refusal(capsys, *CALL)
    assert "found 3; allowed: one name for all, or 2" in refusal(capsys, *CALL, "--activation", "relu,relu,relu")
    assert 'found "rleu"; allowed' in refusal(capsys, *CALL, "--activation", "relu,rleu")


def test_layers_that_follow_each_other_have_no_activation_between(capsys: pytest.CaptureFixture[str]) -> None:
    network(chain(2, 3, 4, 1, places=(0, 1, 3)))
    assert made(*CALL, "--activation", "relu").model.network.activations == ("linear", "relu", "linear")
    assert "found tanh for hidden layer 1; allowed: linear" in refusal(
        capsys, *CALL, "--force", "--activation", "tanh,relu"
    )
    network(chain(2, 3, 1, places=(0, 1)))
    assert made(*CALL, "--force").model.network.activations == ("linear", "linear")


@pytest.mark.parametrize(
    ("tensors", "why"),
    [
        ({}, "holds no tensors; allowed: 0.weight, 0.bias, … of an nn.Sequential"),
        (chain(2, 3, 1, places=(1, 3)), "1.weight: something stands before it; allowed: a Linear first"),
        (chain(2, 3, 1, places=(0, 4)), "0.weight: 3 modules stand between it and the next Linear"),
        ({**chain(2, 3), "2.weight": np.ones((1, 4)), "2.bias": np.ones(1)}, "2.weight: takes 4 inputs; allowed: 3"),
        ({**chain(2, 3), "1.weight": np.ones(3), "1.bias": np.ones(3)}, "1.weight: found 3; allowed: out × in"),
        ({"0.weight": np.ones((1, 2))}, "0.bias: missing; allowed: Linear layers with weight and bias"),
        ({"0.bias": np.ones(2)}, "0.weight: missing; allowed: Linear layers with weight and bias"),
        ({"0.weight": np.ones((1, 2)), "0.bias": np.ones(3)}, "0.bias: found 3; allowed: 1 numbers"),
        ({"0.weight": np.ones((0, 2)), "0.bias": np.ones(0)}, "0.weight: found 0×2; allowed: out × in"),
        ({"0.weight": np.ones((1, 2), int), "0.bias": np.ones(1)}, "0.weight: found numbers of type I64; allowed: F64"),
        ({"0.weight": np.array([[1, np.nan]]), "0.bias": np.ones(1)}, "0.weight: some numbers are not finite"),
        ({"net.0.weight": np.ones((1, 2)), "net.0.bias": np.ones(1)}, 'the state dict of the part "net"'),
        ({**chain(2, 1), "1.running_mean": np.ones(1)}, 'found the tensor "1.running_mean"; allowed: 0.weight'),
        ({"fc1.weight": np.ones((1, 2)), "fc1.bias": np.ones(1)}, "allowed: 0.weight, 0.bias, … of an nn.Sequential"),
    ],
)
def test_what_is_no_chain_of_linear_layers_is_refused(
    tensors: dict[str, np.ndarray], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    network(tensors)
    said = refusal(capsys, *CALL, "--activation", "relu")
    assert said.startswith("gradstep: net.safetensors: ")
    assert why in said


def test_a_type_that_numpy_lacks_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    entries = {"0.weight": ([1, 2], [0, 4]), "0.bias": ([1], [4, 6])}
    head = json.dumps({n: {"dtype": "BF16", "shape": s, "data_offsets": o} for n, (s, o) in entries.items()}).encode()
    Path("net.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + bytes(6))
    assert "0.weight: found numbers of type BF16; allowed: F64, F32, F16" in refusal(capsys, *CALL)


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"\x80\x02}q\x00.", b"\xff" * 200])
def test_a_file_of_another_kind_is_refused(content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    Path("net.safetensors").write_bytes(content)
    assert "net.safetensors: is no safetensors file; allowed:" in refusal(capsys, *CALL)
    Path("net.safetensors").unlink()
    assert "net.safetensors: cannot read it: No such file" in refusal(capsys, *CALL)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_no_bytes_whatever_end_in_a_traceback(data: st.DataObject) -> None:
    content = bytearray(save({"0.weight": np.ones((1, 2)), "0.bias": np.ones(1)}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    Path("bytes.safetensors").write_bytes(content)
    with contextlib.suppress(ScenarioError):
        read_state_dict("bytes.safetensors")


def test_samples_and_loss_have_to_go_with_the_network(capsys: pytest.CaptureFixture[str]) -> None:
    relu = ("--activation", "relu")
    network(chain(3, 3, 1))
    assert "data.csv: found 2 inputs x; allowed: 3, as net.safetensors takes" in refusal(capsys, *CALL, *relu)
    network(chain(2, 3, 2))
    assert "data.csv: found 1 outputs y; allowed: 2, as net.safetensors gives" in refusal(capsys, *CALL, *relu)
    network(chain(2, 3, 3))
    cross = ("net.safetensors", "--csv", "data.csv", "--loss", "softmax_cross_entropy", "mine.toml", *relu)
    assert "data.csv: found 2 classes; allowed: 3" in refusal(capsys, *cross)
    network(chain(2, 3, 1))
    assert "mine.toml: lanes.net.output: found" in refusal(capsys, *CALL, *relu, "--output", "softmax")
    assert "mine.toml: lanes.net.optimizer.name: found" in refusal(capsys, *CALL, *relu, "--optimizer", "amad")
    Path("data.csv").write_text("a,b\n1,2\n")
    assert "mine.toml: data.csv: " in refusal(capsys, *CALL, *relu)


def test_nothing_is_overwritten_unasked_and_what_it_is_made_from_never(capsys: pytest.CaptureFixture[str]) -> None:
    relu = ("--activation", "relu")
    Path("mine.toml").write_text("mine")
    assert "mine.toml exists already; it is overwritten with --force only" in refusal(capsys, *CALL, *relu)
    assert Path("mine.toml").read_text() == "mine"
    made(*CALL, *relu, "--force")
    for source in ("net.safetensors", "data.csv"):
        before = Path(source).read_bytes()
        assert f"{source} is what the scenario is made from" in refusal(
            capsys, CALL[0], source, *CALL[2:], *relu, "--force"
        )
        assert Path(source).read_bytes() == before


def test_pytorch_is_taken_at_its_word() -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    model = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    save_file(model.state_dict(), "net.safetensors")
    lane = made(*CALL, "--activation", "tanh")
    x = lane.model.data.x
    outputs = model.double()(torch.as_tensor(x)).detach().numpy()
    np.testing.assert_allclose(lane.model.network.outputs(lane.start, x), outputs, rtol=1e-12)


def test_columns_of_any_file_are_taken_by_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data.csv").write_text("a;b;kind\n1,5;2;yes\n2;1;no\n0;1;no\n")
    lane = made(*CALL[:5], "logistic", "--activation", "relu", "--outputs", "kind")
    assert lane.model.data.x.tolist() == [[1.5, 2], [2, 1], [0, 1]]
    assert lane.model.data.y.ravel().tolist() == [1, 0, 0]
    assert "there is no column" in refusal(capsys, *CALL, "--activation", "relu", "--inputs", "a,c", "--force")
