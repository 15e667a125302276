"""The data of a scenario: what its keys mean, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from nncore.datasets import from_function, make, standardize, standardize_outputs
from nncore.kinds import DISTRIBUTIONS
from scenarios.errors import ScenarioError
from scenarios.file.data_schema import SOURCES, DistributionTable, json_schema
from scenarios.file.loader import parse
from scenarios.runs.build import dataset

LANE = """
[[lanes]]
id = "a"
"""


def read(data, seed=0, folder=Path()):
    text = f'format = 1\nname = "t"\nseed = {seed}\n[data]\n{data}\n{LANE}'
    return parse(text.encode(), "my.toml", folder)


def drawn(data, seed=None, folder=Path()):
    return dataset(read(data, folder=folder), seed)


def refusal(data, folder=Path()):
    with pytest.raises(ScenarioError) as error:
        read(data, folder=folder)
    return str(error.value).removeprefix("my.toml: ")


def same(found, expected):
    for name in ("x", "y", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert (found.labels, found.classes, found.domain) == (expected.labels, expected.classes, expected.domain)


# kinds


@pytest.mark.parametrize("kind", DISTRIBUTIONS)
def test_kinds_are_those_of_the_engine_with_its_defaults(kind):
    same(drawn(f'kind = "{kind}"\nnoise = 0.5\ntest_samples = 9'), make(DISTRIBUTIONS[kind](), 256, 9, 0.5, seed=0))


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("circles", {"factor": 0.25}),
        ("spirals", {"turns": 3.0}),
        ("blobs", {"centers": 5, "spread": 0.1}),
        ("checkerboard", {"cells": 7}),
        ("line", {"slope": -1.0, "intercept": 0.5}),
    ],
)
def test_kinds_have_keys_of_their_own(kind, keys):
    lines = "\n".join(f"{key} = {value}" for key, value in keys.items())
    same(drawn(f'kind = "{kind}"\nsamples = 7\n{lines}'), make(DISTRIBUTIONS[kind](**keys), 7))


def test_the_schema_and_the_engine_agree_on_kinds():
    tables = {table.__struct_config__.tag: table for table in DistributionTable.__args__}
    assert set(tables) == set(DISTRIBUTIONS)
    for name, table in tables.items():
        defaults = structs.asdict(table())
        kind = DISTRIBUTIONS[name]()
        assert {key: defaults[key] for key in vars(kind)} == vars(kind)


def test_labels():
    data = drawn('kind = "xor"\nsamples = 50\nlabels = [-1, 1]\ntest_samples = 5')
    assert data.labels == (-1.0, 1.0)
    assert set(data.y.ravel()) == {-1.0, 1.0}
    same(drawn('kind = "xor"\nlabels = [0, 1]'), drawn('kind = "xor"'))
    assert drawn("points = [[0, 0], [1, 1]]\nlabels = [0, 1]").labels == (0.0, 1.0)
    assert drawn("points = [[0, 0], [1, 1]]\nlabels = [0, 1]").classes == 2
    assert drawn("points = [[0, -1], [1, 1]]\nlabels = [-1, 1]").classes is None
    assert drawn("points = [[0, 0], [1, 1]]").labels is None


# functions


def test_a_function_of_one_input():
    data = drawn('expression = "2*x + 1"\ndomain = [0, 3]\nsampling = "grid"\nsamples = 4')
    assert data.x.tolist() == [[0], [1], [2], [3]]
    assert data.y.tolist() == [[1], [3], [5], [7]]
    assert data.target(np.array([[10.0]])).tolist() == [[21]]
    assert data.domain == ((0.0, 3.0),)


def test_a_function_of_two_inputs():
    data = drawn('expression = "x1 - x2"\nsampling = "grid"\ndomain = [[0, 1], [10, 20]]\nsamples = 4')
    assert data.x.tolist() == [[0, 10], [0, 20], [1, 10], [1, 20]]
    assert data.y.tolist() == [[-10], [-20], [-9], [-19]]
    assert drawn('expression = "x2"\ndomain = [0, 2]').domain == ((0.0, 2.0), (0.0, 2.0))


def test_a_function_is_sampled_at_random_with_noise_on_y():
    data = drawn('expression = "x**2"\nnoise = 0.5\nsamples = 9\ntest_samples = 3')
    same(data, from_function(lambda x: x**2, ((-1.0, 1.0),), "random", 9, 3, 0.5, 0))
    np.testing.assert_array_equal(data.y_test, data.x_test**2)


def test_a_constant_is_a_function_of_x():
    assert drawn('expression = "3"').x.shape == (256, 1)


# points


def test_points_end_with_y():
    data = drawn("points = [[1, 2, 3], [4, 5, 6]]")
    assert data.x.tolist() == [[1, 2], [4, 5]]
    assert data.y.tolist() == [[3], [6]]
    data = drawn("points = [[1, 2, 3], [4, 5, 6]]\noutputs = 2")
    assert data.x.tolist() == [[1], [4]]
    assert data.y.tolist() == [[2, 3], [5, 6]]


def test_test_points_are_written_like_points():
    data = drawn("points = [[1, 2, 3]]\noutputs = 2\ntest_points = [[4, 5, 6], [7, 8, 9]]")
    assert data.x_test.tolist() == [[4], [7]]
    assert data.y_test.tolist() == [[5, 6], [8, 9]]
    assert drawn('expression = "x"\ntest_points = [[4, 5]]').y_test.tolist() == [[5]]


# parts


@pytest.mark.parametrize(
    ("keys", "train", "test"),
    [
        ("samples = 10", 10, 0),
        ("samples = 10\ntest_samples = 0", 10, 0),
        ("samples = 10\ntest_samples = 4", 10, 4),
        ("samples = 10\ntest_fraction = 0.25", 8, 2),
        ("samples = 10\ntest_fraction = 0", 10, 0),
        ('samples = 10\ntest_csv = "t.csv"', 10, 1),
    ],
)
def test_parts_of_drawn_data(tmp_path, keys, train, test):
    (tmp_path / "t.csv").write_text("x1,x2,y1\n1,2,1\n")
    data = drawn(f'kind = "disc"\n{keys}', folder=tmp_path)
    assert (len(data.x), len(data.y), len(data.x_test), len(data.y_test)) == (train, train, test, test)


def test_a_fraction_of_given_points_is_drawn_for_the_test_part():
    source = "points = [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4], [5, 5], [6, 6], [7, 7]]\ntest_fraction = 0.25"
    parts = {tuple(drawn(source, seed).x_test.ravel()) for seed in range(9)}
    assert len(parts) > 1
    for part in parts:
        assert len(part) == 2
    data = drawn(source)
    assert sorted([*data.x.ravel(), *data.x_test.ravel()]) == list(range(8))


def test_more_test_samples_do_not_change_the_training_part():
    one, other = (drawn(f'kind = "moons"\nnoise = 0.1\ntest_samples = {tests}') for tests in (0, 500))
    np.testing.assert_array_equal(one.x, other.x)


# seeds and scale


def test_the_datas_own_seed_holds_for_every_seed():
    source = 'kind = "disc"\nsamples = 5'
    assert not np.array_equal(drawn(source, 1).x, drawn(source, 2).x)
    same(drawn(f"{source}\nseed = 7", 1), drawn(source, 7))
    same(drawn(f"{source}\nseed = 7", 2), drawn(source, 7))


@pytest.mark.parametrize(
    ("source", "shared"),
    [
        ('kind = "disc"', False),
        ('kind = "disc"\nseed = 1', True),
        ("points = [[0, 0]]", True),
        ("points = [[0, 0], [1, 1]]\ntest_fraction = 0.5", False),
        ("points = [[0, 0], [1, 1]]\ntest_fraction = 0.5\nseed = 1", True),
    ],
)
def test_what_all_seeds_share(source, shared):
    assert read(source).data.shared == shared
    assert (len({drawn(source, seed).x.tobytes() for seed in range(9)}) == 1) == shared


def test_standardized_inputs():
    source = 'kind = "moons"\nnoise = 0.1\ntest_samples = 8'
    same(drawn(f"{source}\nstandardize = true"), standardize(drawn(source)))
    data = drawn("points = [[1, 5, 0], [3, 5, 0]]\nstandardize = true\ntest_points = [[2, 6, 0]]")
    assert data.x.tolist() == [[-1, 0], [1, 0]]
    assert data.x_test.tolist() == [[0, 1]]
    assert (data.mean.tolist(), data.deviation.tolist()) == ([2, 5], [1, 1])


def test_all_are_standardized_with_the_outputs_where_they_are_measured():
    source = 'expression = "1000 * x"\nsamples = 20\ntest_samples = 8'
    data = drawn(f'{source}\nstandardize = "all"')
    same(data, standardize_outputs(standardize(drawn(source))))
    np.testing.assert_allclose((data.y.mean(), data.y.std()), (0, 1), atol=1e-12)
    np.testing.assert_allclose(data.y_test * data.y_deviation + data.y_mean, drawn(source).y_test)
    np.testing.assert_allclose(data.target(data.x_test), data.y_test)
    for labelled in ('kind = "disc"', 'kind = "blobs"', "points = [[0, 0], [1, 1]]\nlabels = [0, 1]"):
        with pytest.raises(ScenarioError, match='found "all"; allowed: true or false, as y are labels'):
            drawn(f'{labelled}\nstandardize = "all"')


def test_a_million_samples_are_not_drawn_to_read_the_file():
    source = read('kind = "disc"\nsamples = 1000000\ntest_samples = 1000000\nnoise = 1').data
    assert len(source.sample().x) == len(source.sample().x_test) == 1024
    source = read('expression = "x1*x2"\nsampling = "grid"\nsamples = 1000000').data
    assert len(source.sample().x) == 1024


# what is refused


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", 'data: does not say where the data come from; allowed: one of "kind", "expression", "points", "csv"'),
        ("samples = 3", "data: does not say where the data come from; "),
        ('kidn = "disc"', "data: does not say where the data come from; "),
        ('kind = "disc"\ncsv = "a.csv"', 'data.csv: found beside "kind"; allowed: one of "kind", '),
        ('kind = "disc"\nexpression = "x"', 'data.expression: found beside "kind"; allowed: one of "kind", '),
        ('kind = "disk"', 'data.kind: found "disk"; allowed: "disc", "circles", '),
        ("kind = 3", 'data.kind: found 3; allowed: "disc", "circles", '),
        ('kind = "disc"\nfactor = 1', "data.factor: unknown key; allowed: kind, "),
        ('kind = "circles"\nfactor = 0', "data.factor: found 0; allowed: a number, above 0"),
        ('kind = "disc"\nsampels = 3', "data.sampels: unknown key; allowed: "),
        ('kind = "disc"\nsamples = 0', "data.samples: found 0; allowed: an integer, at least 1 and at most 1,000,000"),
        (
            'kind = "disc"\nsamples = 1000001',
            "data.samples: found 1000001; allowed: an integer, at least 1 and at most ",
        ),
        ('kind = "disc"\nnoise = -1', "data.noise: found -1; allowed: a number, at least 0"),
        ('kind = "disc"\nlabels = [1, -1]', "data.labels[0]: found 1; allowed: -1, 0"),
        ('kind = "disc"\nlabels = [0, 1, 2]', "data.labels: found an array of 3; allowed: an array of 2, "),
        ('kind = "blobs"\ncenters = 3\nlabels = [0, 1]', "data.labels: found with 3 classes; allowed: with 2"),
        ('kind = "line"\nlabels = [0, 1]', "data.labels: unknown key; allowed: "),
        ('kind = "disc"\nnoise = 1e308', "data.kind: some inputs are not finite"),
        ('kind = "blobs"\nspread = 1e308', "data.kind: "),
        ('kind = "disc"\ntest_samples = 3\ntest_fraction = 0.5', 'data.test_fraction: found beside "test_samples"; '),
        ('kind = "disc"\ntest_fraction = 1', "data.test_fraction: found 1; allowed: a number, at least 0 and below 1"),
        (
            'kind = "disc"\nsamples = 2\ntest_fraction = 0.9',
            "data.test_fraction: found 0.9; allowed: what leaves a training part of 2 samples",
        ),
        (
            'kind = "disc"\ntest_points = [[1, 2]]',
            "data.test_points: found 1 inputs; allowed: 2, as in the training part",
        ),
        ('kind = "disc"\nlabels = [-1, 1]\ntest_points = [[1, 2, 0]]', "data.labels: some y are 0; allowed: -1 and 1"),
        ('expression = "x^2"', 'data.expression: "^" is not allowed: use "**"'),
        ('expression = "x + y"', 'data.expression: unknown name "y"; known: x'),
        ('expression = "x1 + x3"', 'data.expression: unknown name "x3"; known: x1, x2'),
        ('expression = "x1 + x"', 'data.expression: unknown name "x"; known: x1, x2; '),
        ('expression = "1/x"\nsampling = "grid"\nsamples = 3', "data.expression: y is not finite at x = 0"),
        ('expression = "sqrt(x)"', "data.expression: y is not finite at x = -0."),
        ('expression = "x"\ndomain = [1, 1]', "data.domain: found [1, 1]; allowed: the lower end first"),
        ('expression = "x"\ndomain = [-1e308, 1e308]', "data.domain: found [-1e+308, 1e+308]; allowed: "),
        ('expression = "x"\ndomain = [[0, 1], [0, 1]]', "data.domain: found pairs of numbers; allowed: [low, high], "),
        ('expression = "x1"\ndomain = [0, [0, 1]]', "data.domain: found pairs of numbers; allowed: [low, high], "),
        ('expression = "x"\ndomain = [0, 1, 2]', "data.domain: found an array of 3; allowed: an array of 2, each "),
        (
            'expression = "x"\nsampling = "gird"',
            'data.sampling: found "gird"; allowed: "grid", "random"; did you mean ',
        ),
        (
            'expression = "x1"\nsampling = "grid"\nsamples = 50',
            "data.samples: found a training part of 50; allowed: a square such as 49, for a grid of x1 and x2",
        ),
        ("points = []", "data.points: found an array of 0; allowed: an array of 1 to 1,000,000, "),
        ("points = [1, 2]", "data.points[0]: found 1; allowed: an array, each a number"),
        ("points = [[]]", "data.points[0]: found an array of 0; allowed: more than outputs = 1, at most 4,096"),
        ("points = [[1]]", "data.points[0]: found an array of 1; allowed: more than outputs = 1, at most 4,096"),
        ("points = [[1, 2], [1]]", "data.points[1]: found an array of 1; allowed: an array of 2, as the first point"),
        ("points = [[1, 2]]\noutputs = 2", "data.points[0]: found an array of 2; allowed: more than outputs = 2, "),
        ("points = [[1, 2]]\nsamples = 3", "data.samples: unknown key; allowed: "),
        (
            "points = [[1, 2]]\ntest_samples = 3",
            "data.test_samples: found 3; allowed: test_fraction, test_csv or test_points, for points that are given",
        ),
        ("points = [[1, 2]]\nlabels = [0, 1]", "data.labels: some y are 2; allowed: 0 and 1"),
        ('csv = "none.csv"', 'data.csv: cannot read "none.csv": No such file or directory'),
        ('kind = "disc"\ntest_csv = "../a.csv"', 'data.test_csv: found "../a.csv"; allowed: a path relative to '),
    ],
)
def test_impossible_data_are_refused(tmp_path, data, message):
    assert refusal(data, tmp_path).startswith(message)


def test_the_nearest_source_is_given():
    assert refusal('kidn = "disc"').endswith('; did you mean "kind"?')
    assert refusal('kind = "moon"').endswith('; did you mean "moons"?')


def test_numbers_that_are_not_finite_for_one_seed_only_are_refused_when_it_is_drawn():
    scenario = read('expression = "1e308 * where(x > 0.999, 2, 1) * 1.5"\nsamples = 3')
    assert dataset(scenario, 0) is not None
    with pytest.raises(ScenarioError, match=r"^my.toml: data.expression: y is not finite at x = .* \(seed \d+\)$"):
        [dataset(scenario, seed) for seed in range(2000)]


# for editors


def test_the_json_schema_has_every_source():
    found = json_schema()
    assert found["$schema"].endswith("2020-12/schema")
    names = {part["$ref"].rsplit("/", 1)[1] for part in walk(found["$defs"]["ScenarioFile"]["properties"]["data"])}
    assert {name for table in SOURCES.values() for name in named(table)} == names
    assert names <= set(found["$defs"])


def walk(value):
    """Every table of a JSON value that refers to another."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def named(table):
    return [part.__name__ for part in getattr(table, "__args__", (table,))]
