"""Finding and reading scenario files: what is read, and that whatever is wrong gets one message."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nncore.optimizers import Adam
from nncore.schedules import LinearToZero
from nncore.training import Settings
from scenarios.errors import ScenarioError
from scenarios.file.loader import LIBRARY, find, library_files, load, parse
from scenarios.scenario import Scenario

DISC = (LIBRARY / "disc-depth.toml").read_text(encoding="utf-8")

SMALL = """
format = 1
name = "small"
[data]
points = [[0, 0], [1, 2]]
[[lanes]]
id = "a"
"""


def read(text, *overrides):
    return parse(text.encode(), "my.toml", Path(), overrides)


def refusal(text, *overrides):
    with pytest.raises(ScenarioError) as error:
        read(text, *overrides)
    return str(error.value)


def without(key, text=SMALL):
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(f"{key} "))


# what is read


def test_a_scenario_of_the_library_is_read_whole():
    scenario = load("disc-depth")
    assert (scenario.file, scenario.name, scenario.lesson) == ("disc-depth", "disc-depth", "3 Depth")
    assert (scenario.seed, scenario.steps) == (1, 1000)
    assert scenario.panes == ("function", "weights", "gradients", "loss", "norms", "lesson")
    assert [lane.id for lane in scenario.lanes] == ["wide", "deep"]
    wide, deep = scenario.lanes
    assert wide.label == "shallow-wide"
    assert wide.model.network.sizes == (2, 128, 1)
    assert wide.model.network.parameter_count == 513
    assert deep.model.network.sizes == (2, 12, 12, 12, 1)
    assert deep.model.network.activations == ("relu", "relu", "relu", "linear")
    assert deep.settings == Settings(Adam(0.006), LinearToZero(1000), batch_size=128)
    _, claim = scenario.claims
    assert (claim.at, claim.seeds, claim.share) == (1000, 32, 0.7)
    assert claim.check.text == "deep.test_loss < wide.test_loss / 2"
    assert [stage.question.at for stage in scenario.guide if stage.question] == [500]
    assert [str(one.variation.lanes[0].model.network.sizes) for one in scenario.quiz] == ["(2, 128, 1)", "(2, 512, 1)"]


def test_what_a_file_leaves_out_has_its_default():
    scenario = read(SMALL)
    assert (scenario.title, scenario.lesson, scenario.question, scenario.text) == ("small", "Own", "", "")
    assert (scenario.seed, scenario.steps, scenario.panes) == (0, 1000, ())
    assert scenario.lanes[0].label == "a"
    assert scenario.lanes[0].seed is None
    assert (scenario.claims, scenario.predictions) == ((), ())


def test_lines_and_paragraphs_of_text_are_kept_but_titles_are_one_line():
    scenario = read('title = """\ntwo\n  lines"""\ntext = """\na\n\n    b = c\n"""' + SMALL)
    assert scenario.title == "two lines"
    assert scenario.text == "a\n\n    b = c"


def test_claims_and_questions_are_asked_at_the_last_step_unless_they_say_when():
    scenario = read(
        SMALL + '[[claims]]\ntext = "t"\ncheck = "a.train_loss < 1"\n[[predict]]\nask = "?"\nanswer = "a.train_loss"'
    )
    (claim,), (question,) = scenario.claims, scenario.predictions
    assert (claim.at, claim.seeds, claim.share) == (1000, 1, 1.0)
    assert question.at == 1000


def test_a_byte_order_mark_is_no_harm():
    assert parse(b"\xef\xbb\xbf" + SMALL.encode(), "my.toml", Path()).name == "small"


# where it is found


def test_names_are_looked_up_in_the_library_and_paths_are_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(SMALL)
    (tmp_path / "no-suffix").write_text(SMALL)
    assert find("disc-depth") == LIBRARY / "disc-depth.toml"
    assert load("own.toml").file == "own.toml"
    assert load(str(tmp_path / "own.toml")).name == "small"
    assert load("./no-suffix").name == load("no-suffix").name == "small"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("disc-deep", 'disc-deep: there is no such scenario; did you mean "disc-depth"?; see: gradstep list'),
        ("qqq", "qqq: there is no such scenario; see: gradstep list"),
        ("none.toml", "none.toml: cannot read it: No such file or directory"),
        (".", ".: cannot read it: Is a directory"),
        ("a\0/b", "a\\x00/b: cannot read it: not a path"),
        ("", "there is no such scenario; see: gradstep list"),
    ],
)
def test_what_is_not_there_is_said(tmp_path, monkeypatch, name, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as error:
        load(name)
    assert str(error.value) == message


def test_a_name_that_is_too_long_for_a_file_is_refused():
    with pytest.raises(ScenarioError):
        load("x" * 5000)
    with pytest.raises(ScenarioError):
        load("x" * 5000 + "/y")


def test_library_files_are_sorted():
    assert library_files() == sorted(library_files())


# what is wrong with the whole file


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = 1\nb = \xff\n", "my.toml: not UTF-8 text (at line 2)"),
        (b"a = 1\nb =\n", "my.toml: not TOML: Invalid value (at line 2, column 4)"),
        (b"a = 1\na = 2\n", "my.toml: not TOML: Cannot overwrite a value (at line 2, column 6)"),
        (b"a = " + b"9" * 5000, "my.toml: found an integer with thousands of digits; allowed: 64 bits"),
        (b"a = " + b"[" * 5000, "my.toml: nested more than 32 deep"),
        (b"a." * 99 + b"a = 1", "my.toml: a.a: nested more than 32 deep"),
        (b"steps = 9223372036854775808", "my.toml: steps: found an integer of more than 64 bits; allowed: at most 64"),
        (b"[data]\nnoise = nan", "my.toml: data.noise: found nan; allowed: finite numbers"),
        (b"[data]\nnoise = 1e999", "my.toml: data.noise: found inf; allowed: finite numbers"),
        (b"x = [1, [2, -inf]]", "my.toml: x[1][1]: found -inf; allowed: finite numbers"),
        (b'title = "a\\u0007b"', "my.toml: title: found the control character '\\x07'; allowed: text"),
        (b'"a\\nb" = 1', 'my.toml: unknown key "a\\nb"'),
        (b"", "my.toml: format: missing; allowed: 1"),
    ],
)
def test_files_that_are_no_scenario_are_refused(content, message):
    with pytest.raises(ScenarioError) as error:
        parse(content, "my.toml", Path())
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (without("format"), "format: missing; allowed: 1"),
        (SMALL.replace("format = 1", "format = 2"), "format: found 2; allowed: 1"),
        (without("name"), "name: missing; allowed: text"),
        (SMALL.replace('"small"', '"a b"'), 'name: found "a b"; allowed: letters, digits and hyphens'),
        (SMALL.replace('"small"', '"-a"'), 'name: found "-a"; allowed: letters, digits and hyphens'),
        ("steps = 0" + SMALL, "steps: found 0; allowed: an integer, at least 1 and at most 1,000,000,000"),
        ("seed = 1.5" + SMALL, "seed: found 1.5; allowed: an integer"),
        ("seed = true" + SMALL, "seed: found true; allowed: an integer"),
        ("title = 1979-05-27" + SMALL, "title: found date 1979-05-27; allowed: text"),
        ("lanes = 3\n" + SMALL.split("[[lanes]]")[0], "lanes: found 3; allowed: an array of 1 to 4, each a table"),
        (SMALL.split("[[lanes]]")[0], "lanes: missing; allowed: an array of 1 to 4, each a table"),
        (SMALL + '[[lanes]]\nid = "b"\n' * 4, "lanes: found an array of 5; allowed: an array of 1 to 4, each a table"),
        ("defaults = 1" + SMALL, "defaults: found 1; allowed: a table"),
        (SMALL + "[claims]", "claims: found a table; allowed: an array of at most 1,000, each a table"),
        (SMALL + "[[claims]]\ntext = 't'", "claims[0].check: missing; allowed: text"),
        (
            SMALL + "[[claims]]\ntext = 't'\ncheck = 'a.train_loss'",
            'claims[0].check: found "a.train_loss"; allowed: a comparison',
        ),
        (
            SMALL + "[[claims]]\ntext = 't'\ncheck = 'a.train_loss^2 < 1'",
            'claims[0].check: "^" is not allowed: use "**"',
        ),
        (
            SMALL + "[[claims]]\ntext = 't'\ncheck = 'b.train_loss < 1'",
            'claims[0].check: unknown lane "b" in "b.train_loss"; known: a, any, all',
        ),
        (
            SMALL + "[[predict]]\nask = '?'\nanswer = 'a.grad_norm[2]'",
            'predict[0].answer: lane "a" has layers 1 to 1, not "2"',
        ),
        (
            SMALL + "[[claims]]\ntext = 't'\ncheck = 'step > 1'\nshare = 2",
            "claims[0].share: found 2; allowed: a number, at least 0 and at most 1",
        ),
        (
            SMALL + "[[claims]]\ntext = 't'\ncheck = 'step > 1'\nseeds = 0",
            "claims[0].seeds: found 0; allowed: an integer, at least 1",
        ),
    ],
)
def test_keys_of_the_top_are_checked(text, message):
    assert refusal(text) == f"my.toml: {message}"


def test_unknown_keys_are_refused_with_the_nearest_name():
    assert refusal("stepps = 3" + SMALL).startswith("my.toml: stepps: unknown key; allowed: format, name, lanes, ")
    assert refusal("stepps = 3" + SMALL).endswith('; did you mean "steps"?')
    assert refusal('panes = ["functions"]' + SMALL).endswith('; did you mean "function"?')
    assert refusal("epochs = 3" + SMALL).endswith('; did you mean "steps"?')


def test_too_large_a_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("scenarios.file.loader.MAX_FILE_BYTES", 2**20)
    (tmp_path / "large.toml").write_bytes(b"#" * (2**20 + 1))
    with pytest.raises(ScenarioError, match="larger than 1 MiB"):
        load(str(tmp_path / "large.toml"))


# nothing else than a scenario or a message


def outcome(content, *overrides):
    """Whether the bytes are a scenario; if not, the message is one printable line."""
    try:
        return isinstance(parse(content, "my.toml", Path(os.devnull), overrides), Scenario)
    except ScenarioError as error:
        message = str(error)
    assert message.isprintable()  # which a line break is not
    return False


@given(st.binary(max_size=200))
def test_any_bytes(content):
    assert not outcome(content)


@given(st.text(max_size=200))
def test_any_text(content):
    outcome(content.encode("utf-8", "surrogatepass"))


def lines_of(file):
    """The lines of a valid file, without comments and text."""
    head, _, rest = file.read_text(encoding="utf-8").partition('text = """')
    lines = re.sub(r"(?m)\s*#.*$", "", head + rest.partition('"""\n')[2]).splitlines()
    return [line for line in lines if line]


FILES = [
    LIBRARY / "disc-depth.toml",
    LIBRARY / "by-hand.toml",
    LIBRARY / "learning-rate.toml",
    LIBRARY.parent / "template.toml",
]
VALID = [lines_of(file) for file in FILES]
KEYS = sorted({line.split(" =")[0] for lines in VALID for line in lines if " = " in line})
VALUES = st.one_of(
    st.sampled_from(
        ["true", '""', '"relu"', "[]", "{}", "[[1]]", "nan", "-1", "0", "1e308", "1979-05-27", "{a.b = 1}"]
    ),
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: f"{value:.17e}"),
    st.text(max_size=5).map(lambda text: '"' + "".join(f"\\U{ord(c):08X}" for c in text) + '"'),
)


def test_the_files_to_be_broken_are_valid():
    assert all(outcome("\n".join(lines).encode()) for lines in VALID)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_valid_file_with_keys_dropped_renamed_or_given_other_values(data):
    lines = list(data.draw(st.sampled_from(VALID)))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        key, equals, value = lines[place].partition(" = ")
        match data.draw(st.sampled_from(["drop", "rename", "retype", "repeat", "garble"])):
            case "drop":
                del lines[place]
            case "rename" if equals:
                lines[place] = f"{data.draw(st.sampled_from([*KEYS, 'lr', 'csv', 'function', 'x']))} = {value}"
            case "retype" if equals:
                lines[place] = f"{key} = {data.draw(VALUES)}"
            case "repeat":
                lines.insert(place, lines[data.draw(st.integers(0, len(lines) - 1))])
            case _:
                cut = data.draw(st.integers(0, len(lines[place])))
                lines[place] = lines[place][:cut] + data.draw(st.text(max_size=3)) + lines[place][cut + 1 :]
        if not lines:
            break
    outcome("\n".join(lines).encode("utf-8", "surrogatepass"))


@given(st.sampled_from(["lanes.deep.", "data.", "defaults.", "", "claims."]), st.text(max_size=20), VALUES)
def test_any_change_by_set(start, key, value):
    outcome(DISC.encode(), f"{start}{key}={value}")


@pytest.mark.parametrize(
    ("keys", "told", "accepted"),
    [("", "to 2 %", 1.019), ("tolerance = 0.1", "to 10 %", 1.09), ("factor = 3", "within a factor of 3", 2.9)],
)
def test_a_number_is_predicted_to_an_accuracy_that_is_told(keys, told, accepted):
    text = f'{SMALL}[[predict]]\nask = "How much?"\nanswer = "a.train_loss"\n{keys}\n'
    (question,) = read(text).predictions
    assert str(question.accuracy) == told
    assert question.accuracy.accepts(accepted, 1.0)
    assert not question.accuracy.accepts(accepted + 0.2, 1.0)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ('answer = "a.train_loss < 1"\ntolerance = 0.1', "predict[0].tolerance: stands beside a comparison; allowed: "),
        ('answer = "a.train_loss"\ntolerance = 0.1\nfactor = 2', "predict[0]: found both tolerance and factor"),
        ('answer = "a.train_loss"\nfactor = 1', "predict[0].factor: found 1; allowed: a number, above 1"),
    ],
)
def test_a_wrong_accuracy_is_refused(keys, message):
    assert message in refusal(f'{SMALL}[[predict]]\nask = "How much?"\n{keys}\n')
