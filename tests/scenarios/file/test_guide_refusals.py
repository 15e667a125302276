"""`[[guide]]` and `[[quiz]]`: whatever is wrong gets one message that helps."""

import re

import pytest

from scenarios.errors import ScenarioError
from tests.scenarios.file.test_guide import BASE, CHOICES, read, stage

FUNCTION = """
format = 1
name = "valley"
[[lanes]]
id = "f"
[lanes.function]
expression = "x**2"
start = { x = 1 }
"""


def refusal(text, base=BASE):
    with pytest.raises(ScenarioError) as error:
        read(text, base)
    assert "\n" not in str(error.value)
    return str(error.value).removeprefix("my.toml: ")


def refused(body, base=BASE):
    """The message for a stage with these keys beside its title."""
    return refusal(f'[[guide]]\ntitle = "One"\n{body}\n', base)


def words(count):
    return " ".join(["word"] * count)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "guide[0]: found neither say nor ask; allowed: one"),
        ('say = "  "', "guide[0]: found neither say nor ask; allowed: one"),
        ('say = "a"\nask = "b"', "guide[0]: found both say and ask; allowed: one"),
        ('sya = "a"', 'guide[0].sya: unknown key; allowed: ask, at, .*did you mean "say"?'),
        (f'say = "{words(46)}"', "guide[0].say: found 46 words; allowed: at most 45"),
        (f'ask = "{words(46)}"\nat = 1\n{CHOICES}', "guide[0].ask: found 46 words; allowed: at most 45"),
        (f'say = "a"\nhint = "{words(46)}"', "guide[0].hint: found 46 words; allowed: at most 45"),
        ('say = "a"\nwhy = true', "guide[0].why: stands without ask; allowed: together with it"),
        ('say = "a"\nreply = "b"', "guide[0].reply: stands without ask; allowed: together with it"),
        (f'say = "a"\n{CHOICES}', "guide[0].choices: stands without ask; allowed: together with it"),
        ('say = "a"\nholds = "wide.train_loss < 1"', "guide[0]: found holds alone; allowed: holds, and otherwise"),
        ('say = "a"\notherwise = "b"', "guide[0]: found otherwise alone; allowed: holds, and otherwise"),
        (
            'say = "a"\notherwise = "b"\nholds = "wide.train_loss < 1"',
            "guide[0].at: is missing: the step at which holds is measured",
        ),
        (
            'say = "a"\notherwise = "b"\nat = 1\nholds = "wide.train_loss"',
            'guide[0].holds: found "wide.train_loss"; allowed: a comparison',
        ),
        ('say = "a"\nat = -1', "guide[0].at: found -1; allowed: an integer, at least 0"),
        ('say = "a"\nshare = 2', "guide[0].share: found 2; allowed: a number, at least 0 and at most 1"),
        # numbers in words
        (
            'say = "{deep.test_loss}"',
            "guide[0].at: is missing: the step of the number {deep.test_loss}",
        ),
        ('say = "{deep.tset_loss}"\nat = 1', 'guide[0].say: unknown quantity "tset_loss".*did you mean "test_loss"?'),
        ('say = "{dep.test_loss}"\nat = 1', 'guide[0].say: unknown lane "dep".*did you mean "deep"?'),
        (
            'say = "{wide.test_loss < 1}"\nat = 1',
            'guide[0].say: found "wide.test_loss < 1", a comparison; allowed: a number',
        ),
        ('say = "so {"\nat = 1', "guide[0].say: found a brace without its partner; allowed: {deep.test_loss}"),
        (
            f'ask = "{{deep.test_loss}}?"\nat = 1\n{CHOICES}',
            "guide[0].ask: found a brace; allowed: in say, otherwise and reply, where numbers are filled in",
        ),
        # questions
        (f'ask = "a"\n{CHOICES}', "guide[0].at: is missing: the step that the question is about"),
        ('ask = "a"\nat = 1', "guide[0]: found neither choices nor answer; allowed: one"),
        (
            f'ask = "a"\nat = 1\nanswer = "wide.test_loss"\n{CHOICES}',
            "guide[0]: found both choices and answer; allowed: one",
        ),
        (
            'ask = "a"\nat = 1\nchoices = [{ say = "b", when = "wide.test_loss < 1" }]',
            "guide[0].choices: found 1; allowed: 2 or more",
        ),
        (
            f'ask = "a"\nat = 1\nchoices = [{{ say = "{"b" * 61}", when = "wide.test_loss < 1" }}]',
            "guide[0].choices[0].say: found text of 61 characters; allowed: text of 1 to 60 characters",
        ),
        (
            'ask = "a"\nat = 1\nchoices = [{ say = "b", when = "wide.test_loss" }, { say = "c", when = "1 < 2" }]',
            'guide[0].choices[0].when: found "wide.test_loss"; allowed: a comparison',
        ),
        (
            f'ask = "a"\nat = 1\n{CHOICES.replace("It had", words(45))}',
            "guide[0].choices[0].reply: found 46 words; allowed: at most 45",
        ),
        (
            'ask = "a"\nat = 1\nchoices = [' + '{ say = "b", when = "wide.test_loss < 1" },' * 7 + "]",
            "guide[0].choices: found an array of 7; allowed: an array of at most 6, each a table",
        ),
        (
            f'ask = "a"\nat = 1\ntolerance = 1\n{CHOICES}',
            "guide[0].tolerance: stands without answer; allowed: together",
        ),
        (
            f'ask = "a"\nat = 1\nreply = "b"\n{CHOICES}',
            "guide[0].reply: stands without answer, as each choice has its own; allowed: together with it",
        ),
        (
            'ask = "a"\nat = 1\nanswer = "wide.test_loss"\ntolerance = 0.1\nfactor = 2',
            "guide[0]: found both tolerance and factor; allowed: one",
        ),
        (
            'ask = "a"\nat = 1\nanswer = "wide.test_loss"\nfactor = 1',
            "guide[0].factor: found 1; allowed: a number, above 1",
        ),
        (
            'ask = "a"\nat = 1\nanswer = "wide.test_loss < 1"',
            'guide[0].answer: found "wide.test_loss < 1", a comparison; allowed: a number',
        ),
        (
            f'ask = "a"\nat = 1\nuntil = {{ step = 1 }}\n{CHOICES}',
            "guide[0].until: stands without say; allowed: together with it",
        ),
        # what it points at
        (
            'say = "a"\npoint = ["fonction"]',
            'guide[0].point[0]: found "fonction"; allowed: a pane, header, equation, timeline, or W, b, .*'
            'did you mean "function"?',
        ),
        (
            'say = "a"\npoint = ["dep.W1"]',
            'guide[0].point[0]: there is no lane "dep"; allowed: wide, deep; did you mean "deep"?',
        ),
        (
            'say = "a"\npoint = ["loss", "deep.W4"]',
            'guide[0].point[1]: found "deep.W4"; allowed: layers 1 to 3 of deep',
        ),
        ('say = "a"\npoint = ["W0"]', 'guide[0].point[0]: found "W0"; allowed: W with its layer: W1'),
        ('say = "a"\npoint = ["W"]', 'guide[0].point[0]: found "W"; allowed: W with its layer: W1'),
        ('say = "a"\npoint = ["output2"]', 'guide[0].point[0]: found "output2"; allowed: output without a layer'),
        ('say = "a"\npoint = ["W1[3]"]', 'guide[0].point[0]: found "W1[3]"; allowed: W1 or W1[row,column]'),
        (
            'say = "a"\npoint = ["W1[3,2]"]',
            'guide[0].point[0]: found "W1[3,2]"; allowed: [row,column], counted from 0, below 4 × 2',
        ),
        (
            'say = "a"\npoint = ["db1[4]"]',
            'guide[0].point[0]: found "db1[4]"; allowed: [unit], counted from 0, below 4',
        ),
        (
            'say = "a"\npoint = ["deep.z2[0,3]"]',
            'guide[0].point[0]: found "deep.z2[0,3]"; allowed: [unit] or [sample,unit], counted from 0, below 3',
        ),
        ('say = "a"\npanes = ["los"]', 'guide[0].panes[0]: found "los"; allowed: "batch", .*did you mean "loss"?'),
        # where it goes
        ('say = "a"\ngo = -1', "guide[0].go: found -1; allowed: an integer, at least 0 or a table"),
        ('say = "a"\ngo = { step = 1, operation = "delta" }', 'guide[0].go.operation: found "delta"; allowed: batch, '),
        ('say = "a"\ngo = { operation = "delta 1" }', "guide[0].go.step: missing; allowed: an integer, at least 0"),
        # what it waits for
        ('say = "a"\nuntil = {}', "guide[0].until: found no key; allowed: one of step, operation, check, did, "),
        (
            'say = "a"\nuntil = { step = 1, pane = "loss" }',
            "guide[0].until: found step and pane; allowed: one of step, operation, ",
        ),
        ('say = "a"\nuntil = { count = 3 }', "guide[0].until: found count; allowed: one of "),
        ('say = "a"\nuntil = { stop = 3 }', 'guide[0].until.stop: unknown key; .*did you mean "step"?'),
        (
            'say = "a"\nuntil = { did = "brunch" }',
            'guide[0].until.did: found "brunch"; allowed: edit, assign, branch, .*did you mean "branch"?',
        ),
        (
            'say = "a"\nuntil = { did = "close", set = "l2" }',
            'guide[0].until.set: stands beside did = "close"; allowed: edit or branch',
        ),
        (
            'say = "a"\nuntil = { did = "edit", set = "optimizer.lerning_rate" }',
            'guide[0].until.set: found "optimizer.lerning_rate"; .*did you mean "optimizer.learning_rate"?',
        ),
        ('say = "a"\nuntil = { check = "wide.train_loss" }', "guide[0].until.check: .*allowed: a comparison"),
        (
            'say = "a"\nuntil = { operation = "a 3" }',
            'guide[0].until.operation: found "a 3"; allowed: layers 1 to 2 of wide',
        ),
        ('say = "a"\nuntil = { operation = "a 0" }', 'guide[0].until.operation: found "a 0"; allowed: layers 1 to 2'),
        ('say = "a"\nuntil = { operation = "loss 1" }', 'guide[0].until.operation: found "loss 1"; allowed: batch, '),
        ('say = "a"\nuntil = { operation = "start" }', 'guide[0].until.operation: found "start"; allowed: batch, loss'),
        ('say = "a"\nuntil = { filled = "batch" }', 'guide[0].until.filled: found "batch"; allowed: operations that'),
        (
            'say = "a"\nuntil = { selected = "timeline" }',
            'guide[0].until.selected: found "timeline"; allowed: a pane, or W, b',
        ),
        (
            'say = "a"\nuntil = { selected = "delta1" }',
            'guide[0].until.selected: found "delta1"; allowed: a pane, an entry of W, b, dW, db, or a unit as in z1[0]',
        ),
        (
            'say = "a"\nuntil = { selected = "z1[0,3]" }',
            'guide[0].until.selected: found "z1[0,3]"; allowed: a pane',
        ),
        ('say = "a"\nuntil = { pane = "lose" }', 'guide[0].until.pane: found "lose".*did you mean "loss"?'),
        ('say = "a"\nuntil = { ran = "seed" }', 'guide[0].until.ran: found "seed"; .*did you mean "seeds"?'),
        (
            'say = "a"\nuntil = { ran = "seeds", count = 3 }',
            'guide[0].until.count: stands beside ran = "seeds"; allowed: "starts"',
        ),
    ],
)
def test_a_wrong_stage_is_refused_in_one_line(body, message):
    found = refused(body)
    pattern = ".*".join(re.escape(part) for part in message.split(".*"))
    assert re.match(pattern, found), found


def test_titles_and_numbers_of_stages_are_limited():
    many = '[[guide]]\ntitle = "One"\nsay = "a"\n'
    assert refusal(many * 13) == "guide: found an array of 13; allowed: an array of at most 12, each a table"
    assert len(read(many * 12).guide) == 12
    assert "found text of 41 characters; allowed: text of 1 to 40" in refusal(f'[[guide]]\ntitle = "{"a" * 41}"')
    assert refusal('[[guide]]\ntitle = ""\nsay = "a"').startswith(
        "guide[0].title: found empty text; allowed: text of 1"
    )
    assert refusal('[[guide]]\ntitle = " "\nsay = "a"') == "guide[0].title: found blanks; allowed: words"
    assert refusal('[[guide]]\nsay = "a"').startswith("guide[0].title: missing; allowed: text of 1 to 40 characters")


def test_the_number_of_quiz_questions_is_limited():
    many = f'[[quiz]]\nask = "a"\nat = 1\n{CHOICES}\n'
    assert refusal(many * 9) == "quiz: found an array of 9; allowed: an array of at most 8, each a table"
    assert len(read(many * 8).quiz) == 8


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "quiz[0].ask: is missing: the question"),
        ('ask = "a"', "quiz[0].at: is missing: the step that the question is about"),
        ('ask = "a"\ntitle = "b"', "quiz[0].title: unknown key; allowed: ask, at, "),
        (f'ask = "a"\nat = 1\nset = {{ data.nois = 1 }}\n{CHOICES}', "quiz[0].set: data.nois: unknown key; .*noise"),
        (
            f'ask = "a"\nat = 1\nset = {{ lanes.dep.l2 = 1 }}\n{CHOICES}',
            'quiz[0].set: lanes: there is no lane "dep"; allowed: wide, deep; did you mean "deep"?',
        ),
        (
            f'ask = "a"\nat = 1\nset = {{ data.samples = 0 }}\n{CHOICES}',
            "quiz[0].set: data.samples: found 0; allowed: an integer, at least 1",
        ),
        (
            'ask = "a"\nat = 1\nset = { lanes.deep.hidden = [] }\nanswer = "deep.grad_norm[2]"',
            'quiz[0].answer: lane "deep" has layers 1 to 1',
        ),
    ],
)
def test_a_wrong_quiz_is_refused_in_one_line(body, message):
    found = refusal(f"[[quiz]]\n{body}\n")
    pattern = ".*".join(re.escape(part) for part in message.split(".*"))
    assert re.match(pattern, found), found


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('point = ["W1"]', 'guide[0].point[0]: found "W1"; allowed: things of a network, as f is a function'),
        (
            'until = { operation = "a 1" }',
            'guide[0].until.operation: found "a 1"; allowed: '
            "batch, value, loss, gradient or update 1, as f is a function",
        ),
    ],
)
def test_a_function_has_neither_layers_nor_weights(body, message):
    assert refused(f'say = "a"\n{body}', FUNCTION) == message
    assert stage('say = "a"\nuntil = { operation = "update 1" }', FUNCTION).until
