"""The exported network gives the outputs of the lane, and its parts have PyTorch's names."""

from dataclasses import replace
from runpy import run_path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load

from nncore.activations import ACTIVATIONS
from nncore.datasets import make, standardize, standardize_outputs
from nncore.kinds import Blobs, Disc
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.rng import generator
from scenarios.file.loader import load as load_scenario
from scenarios.runs.build import build
from tui.archive.errors import SharingError
from tui.exports.numpy_function import numpy_function
from tui.exports.torch import loading_code, safetensors, state_dict
from tui.exports.trained import Trained, trained

OUTPUTS = {"linear": "squared", "tanh": "squared", "sigmoid": "logistic", "softmax": "softmax_cross_entropy"}


@st.composite
def networks(draw):
    hidden = draw(st.lists(st.integers(1, 9), max_size=4))
    names = [draw(st.sampled_from(sorted(ACTIVATIONS))) for _ in hidden]
    output = draw(st.sampled_from(sorted(OUTPUTS)))
    outputs = 3 if output == "softmax" else 1
    network = Network((2, *hidden, outputs), (*names, output))
    data = make(Blobs(3) if outputs == 3 else Disc(), 20, seed=1)
    data = standardize(data) if draw(st.booleans()) else data
    if OUTPUTS[output] == "squared" and draw(st.booleans()):
        data = standardize_outputs(data)
    model = NetworkModel(network, OUTPUTS[output], "mean", data)
    scale = draw(st.sampled_from([0.1, 1.0, 30.0]))
    return Trained(
        model, scale * generator(draw(st.integers(0, 99)), "t").standard_normal(network.parameter_count), "It"
    )


def inputs_and_outputs(network):
    """Inputs as they stand in a file, and the outputs for them, in the data's unit."""
    x = generator(5, "x").uniform(-3.0, 3.0, (50, 2))
    data = network.model.data
    inside = x if data.mean is None else (x - data.mean) / data.deviation
    outputs = network.model.network.outputs(network.theta, inside)
    return x, (outputs if data.y_mean is None else outputs * data.y_deviation + data.y_mean)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_the_numpy_function_gives_the_same_bits(network):
    namespace = {}
    exec(numpy_function(network), namespace)
    x, expected = inputs_and_outputs(network)
    assert namespace["network"](x).tobytes() == expected.tobytes()


@settings(max_examples=20, deadline=None)
@given(networks())
def test_the_state_dict_is_theta_in_float64_under_the_names_of_a_sequential(network):
    arrays = load(safetensors(network, {}))
    shape = network.model.network
    assert list(state_dict(network)) == [f"{2 * d}.{part}" for d in range(shape.depth) for part in ("weight", "bias")]
    for d, (w, b) in enumerate(shape.split(network.theta)):
        assert arrays[f"{2 * d}.weight"].dtype == np.float64
        assert np.array_equal(arrays[f"{2 * d}.weight"], w)
        assert np.array_equal(arrays[f"{2 * d}.bias"], b)


@settings(max_examples=40, deadline=None)
@given(networks())
def test_the_loading_code_has_a_module_for_each_layer_at_the_place_of_its_key(network):
    code = loading_code(network, "deep.safetensors")
    compile(code, "deep.py", "exec")
    modules = [line.strip() for line in code.splitlines() if line.startswith("    nn.") or line == "    Sine(),"]
    shape = network.model.network
    linear = [f"nn.Linear({n}, {m})," for n, m in zip(shape.sizes[:-1], shape.sizes[1:], strict=True)]
    assert modules[::2] == linear
    assert ("class Sine" in code) == ("sine" in shape.activations)
    assert ("CrossEntropyLoss" in code) == (shape.activations[-1] == "softmax")


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_pytorch_runs_the_exported_code_and_gives_the_same_outputs(activation, output, tmp_path):
    pytest.importorskip("torch")
    outputs = 3 if output == "softmax" else 1
    shape = Network((2, 7, 5, outputs), (activation, activation, output))
    data = standardize(make(Blobs(3) if outputs == 3 else Disc(), 20, seed=1))
    data = standardize_outputs(data) if OUTPUTS[output] == "squared" else data
    theta = generator(3, "t").standard_normal(shape.parameter_count)
    network = Trained(NetworkModel(shape, OUTPUTS[output], "mean", data), theta, "It")
    (tmp_path / "it.safetensors").write_bytes(safetensors(network, {}))
    (tmp_path / "it.py").write_text(loading_code(network, "it.safetensors"), encoding="utf-8")
    x, expected = inputs_and_outputs(network)
    found = run_path(str(tmp_path / "it.py"))["outputs"](x).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


def test_a_trained_network_says_what_it_is():
    _, deep = build(load_scenario("disc-depth"))
    assert trained("disc-depth", deep, deep.start, 1200).about == (
        "deep-narrow (2-12-12-12-1) of disc-depth after 1,200 steps"
    )


def test_a_label_cannot_break_out_of_the_code():
    _, deep = build(load_scenario("disc-depth"))
    network = trained("disc-depth", replace(deep, label='a"""\\ \n# '), deep.start, 0)
    for code in (numpy_function(network), loading_code(network, "a'b\"c.safetensors")):
        compile(code, "exported", "exec")


def test_a_function_has_no_network_to_export():
    lane = build(load_scenario("saddle-noise"))[0]
    with pytest.raises(SharingError, match="function"):
        trained("saddle-noise", lane, lane.start, 0)
