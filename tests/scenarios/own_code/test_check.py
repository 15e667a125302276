"""A learner's file in a process of its own: whatever it does, the check ends and says in words what it was."""

from __future__ import annotations

import sys

import pytest

from tests.scenarios.own_code.learners import changed, checked

BEGIN = "    A, Z = {}, {0: X}\n"
ELSEWHERE = ("loss", "backward", "update")


def begin(*lines: str) -> str:
    """The right file, with lines at the beginning of forward."""
    return changed((BEGIN, BEGIN + "".join(f"    {line}\n" for line in lines)))


def first(folder, text, **how):
    verdict = checked(folder, text, **how)
    assert not verdict.passed
    found = verdict.findings[0]
    return found.function, found.mistakes, found.says, found.line


def test_a_right_file_is_all_right(tmp_path):
    verdict = checked(tmp_path, changed())
    assert verdict.findings == ()
    assert verdict.done == ("forward", "loss", "backward", "update", "steps")


HOMEWORK = {
    "no-mean": ("(Z[L] - Y) / len(Y)", "Z[L] - Y"),
    "no-derivative": (" * (A[d - 1] > 0)", ""),
    "derivative-of-other-layer": ("A[d - 1] > 0", "A[d] > 0"),
    "weights-transposed": ("W[d].T + b[d]", "W[d] + b[d]"),
    "bias-not-summed": ("D[d].sum(axis=0)", "D[d]"),
    "bias-one-sum": ("D[d].sum(axis=0)", "np.sum(D[d])"),
    "bias-mean": ("D[d].sum(axis=0)", "D[d].mean(axis=0)"),
    "gradient-transposed": ("D[d].T @ Z[d - 1]", "Z[d - 1].T @ D[d]"),
    "delta-sign": ("(Z[L] - Y)", "(Y - Z[L])"),
    "no-half": ("0.5 * ", ""),
    "sum-for-mean": (" ** 2) / len(Y)", " ** 2)"),
    "no-bias": (" + b[d]", ""),
    "uphill": ("W[d] - alpha", "W[d] + alpha"),
}


@pytest.mark.parametrize("name", HOMEWORK)
def test_a_typical_mistake_is_named(tmp_path, name):
    if name == "derivative-of-other-layer":  # whose shape does not fit where layers differ in width
        assert first(tmp_path, changed(HOMEWORK[name]))[1] in ((name,), ("raises",))
    else:
        assert name in first(tmp_path, changed(HOMEWORK[name]))[1]


@pytest.mark.parametrize(
    ("lines", "mistake", "says", "line"),
    [
        (["raise NotImplementedError"], "unfinished", "the function is not written yet", 7),
        (["1 / 0"], "raises", "ZeroDivisionError: division by zero", 7),
        (["return forward(X, W, b)"], "raises", "RecursionError: maximum recursion depth exceeded", 7),
        (["import sys; sys.exit()"], "raises", "SystemExit", 7),
        (["raise KeyboardInterrupt"], "raises", "KeyboardInterrupt", 7),
        (["raise ValueError('a\\nb\\x1b[31m')"], "raises", "ValueError: a b\x1b[31m", 7),
        (["import sys; sys.stdout.close(); print(1)"], "raises", "ValueError: I/O operation on closed file.", 7),
        (["input()"], "raises", "EOFError: EOF when reading a line", 7),
        (["return None"], "shape", "it returns None: it should return A, Z", None),
        (["return A"], "shape", "it returns a dict of 0: it should return A, Z", None),
        (["return [1, 2], Z"], "shape", "A is a list of 2: it should be a dictionary by layer", None),
        (
            ["X *= 2"],
            "in-place",
            "the function changes its arguments: work on a copy of X: what is given is needed as it is",
            7,
        ),
    ],
)
def test_what_a_function_does(tmp_path, lines, mistake, says, line):
    assert first(tmp_path, begin(*lines)) == ("forward", (mistake,), says, line)
    assert set(checked(tmp_path, begin(*lines)).done) == set(ELSEWHERE)


@pytest.mark.parametrize(
    ("change", "mistake", "found", "expected"),
    [
        ("A.pop(2)", "shape", "nothing", "(1, 1)"),
        ("A[2] = 'no'", "shape", "a value of type str", "(1, 1)"),
        ("A[2] = 1j * A[2]", "shape", "an array (1, 1) of complex128", "(1, 1)"),
        ("A[2] = A[2][0]", "shape", "(1,)", "(1, 1)"),
        ("A[2] = [[1, 2], [3]]", "shape", "a list of 2", "(1, 1)"),
        ("A[2] = np.zeros((2000, 2000))", "shape", "an array (2000, 2000) of float64", "(1, 1)"),
        ("A[2] = A[2] / 0", "not-finite", "(1, 1)", "(1, 1)"),
    ],
)
def test_what_stands_in_a_result(tmp_path, change, mistake, found, expected):
    verdict = checked(tmp_path, changed(("    return A, Z\n", f"    {change}\n    return A, Z\n")))
    told = verdict.findings[0]
    assert told.mistakes == (mistake,)
    assert (told.fault.result.key, told.fault.found, told.fault.expected) == ("A2", found, expected)
    assert [result.key for result in verdict.right["forward"]] == ["A1", "Z1"]


def test_an_activation_that_is_written_over_its_pre_activation(tmp_path):
    inside = "        Z[d] = np.maximum(A[d], 0) if d < len(W) else A[d]\n"
    text = changed((inside, "        Z[d] = A[d]\n        if d < len(W):\n            Z[d][Z[d] < 0] = 0\n"))
    assert first(tmp_path, text)[1:3] == (
        ("in-place",),
        "A[1] is Z[1]: its numbers are lost when Z[1] is written over them",
    )


def test_arguments_that_are_changed_are_named_up_to_some(tmp_path):
    text = changed(("    alpha = 0.1\n", "    alpha = 0.1\n    for d in W:\n        W[d] += 1\n        b[d] += 1\n"))
    says = "the function changes its arguments: work on a copy of W[1], W[2], b[1], b[2], and return that"
    assert says in [finding.says for finding in checked(tmp_path, text).findings]


@pytest.mark.parametrize(
    ("change", "function", "names", "line"),
    [
        ((BEGIN, BEGIN + "    X -= X.mean()\n"), "forward", "X", 7),
        (("    L = len(W)\n", "    L = len(W)\n    Z[L] -= Y\n"), "backward", "Z[1], Z[2]", 19),
        (("    L = len(W)\n", "    L = len(W)\n    A.pop(L)\n"), "backward", "A[2]", 19),
        (("    return 0.5", "    np.subtract(Y, output, out=Y)\n    return 0.5"), "loss", "Y", 14),
        (("    alpha = 0.1\n", "    alpha = 0.1\n    dW[1] *= 2\n"), "update", "dW[1]", 30),
    ],
)
def test_an_argument_that_is_not_returned_is_not_to_be_returned(tmp_path, change, function, names, line):
    told = next(one for one in checked(tmp_path, changed(change)).findings if one.mistakes == ("in-place",))
    assert (told.function, told.line) == (function, line)
    assert told.says.startswith("the function changes its arguments: work on a copy of ")
    assert told.says.endswith(": what is given is needed as it is")


def test_the_first_line_of_a_function_that_changes_its_arguments_unseen(tmp_path):
    hidden = "        for d in W:\n            np.copyto(W[d], 0) if W[d].flags.writeable else 0\n"
    told = checked(tmp_path, changed(("    alpha = 0.1\n", "    alpha = 0.1\n    if W:\n" + hidden))).findings[0]
    assert (told.mistakes, told.line) == (("in-place",), 28)


def test_a_loss_that_is_no_number(tmp_path):
    assert first(tmp_path, changed(("    return 0.5", "    return None and 0.5")))[2] == (
        "the loss is None: it should be a number"
    )


def test_a_function_that_is_not_there(tmp_path):
    text = changed(("def update", "def upate"))
    assert first(tmp_path, text) == ("update", ("unfinished",), "there is no such function in the file yet", None)


def test_what_is_wrong_is_told_before_what_is_not_written(tmp_path):
    text = changed((BEGIN, "    raise NotImplementedError\n"), (" * (A[d - 1] > 0)", ""))
    assert [finding.function for finding in checked(tmp_path, text).findings] == ["backward", "forward"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("import numpy as np(", "SyntaxError: "),
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("import os; os._exit(0)", "it ended the process (exit status 0)"),
        ("import ctypes; ctypes.string_at(0)", "it ended the process (signal 11)"),
        ("\0", "SyntaxError: source code string cannot contain null bytes"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, line, says):
    verdict = checked(tmp_path, f"{line}\n{changed()}")
    (told,) = verdict.findings
    assert (told.function, told.mistakes) == ("", ("raises",))
    assert told.says.startswith(says)
    assert verdict.done == ()


@pytest.mark.parametrize(
    "line",
    [
        "import os; os._exit(0)",
        "import os; os._exit(1)",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.closerange(0, 100); os.abort()",
    ],
)
def test_the_end_of_the_process_is_told_of_the_function_in_which_it_came(tmp_path, line):
    function, mistakes, says, _ = first(tmp_path, begin(line))
    assert (function, mistakes) == ("forward", ("raises",))
    assert says.startswith("it ended the process (")
    everything = checked(tmp_path, begin(line))
    assert set(everything.done) == set(ELSEWHERE)


@pytest.mark.parametrize("lines", [["while True: pass"], ["import time; time.sleep(1000)"]])
def test_what_takes_too_long_is_stopped_in_its_line(tmp_path, lines):
    function, mistakes, says, line = first(tmp_path, begin(*lines), seconds=1.5)
    assert (function, mistakes, line) == ("forward", ("too-slow",), 7)
    assert says == "it takes too long: it was stopped after 1.5 s"


def test_a_function_that_hangs_hides_no_other(tmp_path):
    change = "    L = len(W)\n", "    L = len(W)\n    while True: pass\n"
    verdict = checked(tmp_path, changed((BEGIN, BEGIN + "    while True: pass\n"), change), seconds=4.0)
    assert [(one.function, one.mistakes) for one in verdict.findings] == [
        ("forward", ("too-slow",)),
        ("backward", ("too-slow",)),
    ]
    assert verdict.done == ("loss", "update")


def test_a_file_that_never_comes_to_its_functions(tmp_path):
    assert first(tmp_path, f"while True: pass\n{changed()}", seconds=1.5)[:2] == ("", ("too-slow",))


def test_one_that_does_not_let_itself_be_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("scenarios.own_code.process._GRACE", 0.2)
    lines = ["import faulthandler", "faulthandler.cancel_dump_traceback_later()", "while True: pass"]
    assert first(tmp_path, begin(*lines), seconds=1.5)[:2] == ("forward", ("too-slow",))


@pytest.mark.skipif(sys.platform == "win32", reason="no limits there")
@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["np.ones(10**9)"], "MemoryError: "),
        (["while True: print('x' * 10**6)"], "OSError: [Errno 27] File too large"),
        (["while True: os.write(1, b'x' * 10**6)"], "OSError: [Errno 27] File too large"),
        (["import threading", "while True: threading.Thread(target=threading.Event().wait).start()"], "RuntimeError: "),
    ],
)
def test_memory_output_and_threads_are_limited(tmp_path, lines, says):
    function, mistakes, told, _ = first(tmp_path, begin("import os", *lines))
    assert (function, mistakes) == ("forward", ("raises",))
    assert told.startswith(says)


REFUSED = "PermissionError: a file that is checked starts no other programs and sends no signals"


@pytest.mark.parametrize(
    "line",
    [
        "while True: os.fork()",
        "os.system('true')",
        "subprocess.run(['true'])",
        "multiprocessing.get_context('fork').Process(target=print).start()",
        "os.kill(os.getppid(), 9)",
        "os.execv('/bin/true', ['true'])",
    ],
)
def test_other_programs_are_not_started(tmp_path, line):
    assert first(tmp_path, begin("import multiprocessing, os, subprocess", line))[:3] == (
        "forward",
        ("raises",),
        REFUSED,
    )


def test_a_thread_that_goes_on_does_not_hold_it_up(tmp_path):
    assert checked(
        tmp_path, begin("import threading", "threading.Thread(target=threading.Event().wait).start()")
    ).passed


def test_what_it_prints_is_kept_in_part(tmp_path):
    verdict = checked(tmp_path, begin("print('shape', X.shape)"))
    assert verdict.passed
    assert verdict.printed.startswith("shape (1, 2)\n")
    assert len(checked(tmp_path, begin("print('x' * 10**5)")).printed) < 10**4


def test_it_runs_in_its_own_folder_and_imports_from_there(tmp_path):
    (tmp_path / "helper.py").write_text("def relu(a):\n    return a * (a > 0)\n")
    text = changed(("import numpy as np\n", "import os\nimport numpy as np\nfrom helper import relu\n"))
    text = text.replace("np.maximum(A[d], 0)", f"relu(A[d]) * (os.getcwd() == {str(tmp_path)!r})")
    assert checked(tmp_path, text).passed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["helper.py", "mine.py"]


def test_nothing_of_gradstep_is_in_the_process_and_nothing_of_the_file_here(tmp_path):
    assert checked(
        tmp_path, begin("import sys", "assert not {'nncore', 'scenarios', 'tui'} & sys.modules.keys()")
    ).passed
    assert "checked" not in sys.modules


def test_a_main_part_is_not_run(tmp_path):
    assert checked(tmp_path, changed() + "\nif __name__ == '__main__':\n    while True: pass\n").passed


def test_what_is_kept_from_call_to_call_shows_in_whole_steps(tmp_path):
    text = changed(
        (
            "D, dW, db = {L",
            "calls.append(Y)\n    Z = {**Z, L: Z[L] * (2 if len(calls) == 9 else 1)}\n    D, dW, db = {L",
        )
    )
    verdict = checked(tmp_path, text.replace("import numpy as np\n", "import numpy as np\ncalls = []\n"))
    assert verdict.findings[0].function == "steps"
    assert verdict.findings[0].fault.where == "step 3 of 3 whole ones"


def test_everything_that_is_wrong_is_told_with_right_values_for_the_rest(tmp_path):
    changes = (HOMEWORK[name] for name in ("no-half", "no-mean", "gradient-transposed", "no-derivative"))
    told = [(one.fault.result.key, one.mistakes) for one in checked(tmp_path, changed(*changes)).findings]
    assert told == [
        ("L", ("no-half",)),
        ("D2", ("no-mean",)),
        ("dW2", ("gradient-transposed",)),
        ("D1", ("no-derivative",)),
        ("dW1", ("gradient-transposed",)),
    ]


def test_a_mean_taken_later_is_told_once(tmp_path):
    changes = HOMEWORK["no-mean"], ("D[d].T @ Z[d - 1]", "D[d].T @ Z[d - 1] / len(Y)"), ("D[d].sum", "D[d].mean")
    (told,) = checked(tmp_path, changed(*changes)).findings
    assert (told.fault.result.key, told.mistakes) == ("D2", ("no-mean",))
    assert told.says.startswith("the mean's 1/m is missing in D, and is in dW and db: the gradients are right.")
    (told,) = checked(tmp_path, changed(changes[0])).findings
    assert told.says.startswith("the mean over the batch is missing")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("W[d] - alpha", "W[d] - 4 * alpha"), "your change is the true one times 4"),
        (("    return 0.5", "    return 4 * 0.5"), "yours is the true one times 4"),
        (("+ b[d]", "+ b[d]\n        A[d] = A[d] * len(X)"), "yours is the true one times m, the number of samples"),
        (("+ b[d]", "+ b[d]\n        A[d] = -A[d]"), "the sign is the wrong way round"),
    ],
)
def test_a_factor_is_told_as_what_it_is_in_every_case(tmp_path, change, says):
    assert first(tmp_path, changed(change))[2] == says


def test_a_result_made_of_a_wrong_shape_is_not_told_of(tmp_path):
    change = "return D, dW, db", "return {d: D[d][0] for d in D}, {d: 3 * dW[d] for d in D}, db"
    found = checked(tmp_path, changed(change)).findings
    assert [(one.fault.result.key, one.mistakes) for one in found] == [("D2", ("shape",))]
