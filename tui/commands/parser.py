"""The command's arguments. Each call is run by a function that is imported when it is called."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any, NoReturn

from tui.commands.errors import CommandError

BACKENDS = ("loky", "threading", "dask", "ray")
"""joblib's names of who may do jobs: processes, threads, and two kinds of clusters."""

DESCRIPTION = "A time-travel debugger for neural-network training, in the terminal."

COMPLETION = """\
bash, in ~/.bashrc:                    eval "$(gradstep completion bash)"
zsh, in ~/.zshrc, below compinit:      eval "$(gradstep completion zsh)"
fish, once:  gradstep completion fish > ~/.config/fish/completions/gradstep.fish"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message}; see: {self.prog} --help")


class _Version(argparse.Action):
    """Prints the version; looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from scenarios.export.version import own_version

        print(f"gradstep {own_version()}")
        parser.exit()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of a call, with `run(options)` for what it does; raises CommandError.

    The first word names a call or else a scenario to open, so that a scenario named like a call is
    opened by its path.
    """
    parser, calls = call_parser()
    if first_word(arguments) in calls or "-h" in arguments or "--help" in arguments:
        return parser.parse_args(arguments)
    return app_parser().parse_args(arguments)


def first_word(arguments: Sequence[str]) -> str | None:
    """The first argument that is no option, nor what --as names."""
    words = (word for before, word in pairwise(["", *arguments]) if before != "--as")
    return next((word for word in words if not word.startswith("-")), None)


def call_parser() -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    """The parser of what begins with a call, and those of the calls by their names."""
    parser = _parser()
    return parser, add_calls(parser)


def app_parser() -> argparse.ArgumentParser:
    """The parser of what opens the app."""
    parser = _parser()
    parser.add_argument("scenario", nargs="?")
    parser.add_argument("--as", type=_learner, dest="learner", metavar="ID", help="who is at work")
    parser.add_argument("--anew", action="store_true", help="begin a lesson anew that was left on the way")
    parser.set_defaults(run=_lazily("launch", "launch"))
    return parser


def _parser() -> _Parser:
    parser = _Parser(
        prog="gradstep",
        usage="gradstep [--ascii] [--anew] [--as ID] [SCENARIO | FOLDER]\n       gradstep CALL …",
        description=f"{DESCRIPTION} Without a call it opens the app, on a scenario or on the picker of all.",
        allow_abbrev=False,
    )
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII only, as does GRADSTEP_ASCII=1")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    return parser


def add_calls(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """Add the parser of each call, and return them by their names."""
    calls = parser.add_subparsers(title="calls", metavar="CALL", prog="gradstep", parser_class=_Parser, required=True)

    def call(name: str, module: str, does: str, function: str = "") -> argparse.ArgumentParser:
        added = calls.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.", allow_abbrev=False)
        added.set_defaults(run=_lazily(module, function or name))
        return added

    _json(call("list", "library", "list the scenarios of the library"))

    show = call("show", "library", "print a scenario's text, lanes and claims")
    _scenario(show)
    _json(show)

    run = call("run", "again", "train without a screen and print each lane's quantities", "run_or_repeat")
    run.add_argument("scenario", metavar="SCENARIO", help="a name in the library, a path, or a result to make again")
    run.add_argument("source", metavar="SCENARIO", nargs="?", help="in place of the one that a result names")
    run.add_argument("--steps", type=_at_least(0), metavar="N", help="how many, in place of the scenario's own")
    run.add_argument("--seed", type=_integer, metavar="S", help="in place of the scenario's own")
    run.add_argument("--seeds", type=_at_least(1), metavar="K", help="run the seeds S to S + K - 1")
    _set(run)
    _jobs(run)
    _json(run)
    run.add_argument("--csv", metavar="FILE", help="write the quantities of every step")
    run.add_argument("--also", action="append", default=[], metavar="QUANTITY", help="report it too: deep.W1[0,0]")
    run.add_argument("--record", metavar="FILE.npz", help="write all that is needed to repeat the run")
    run.add_argument("--force", action="store_true", help="let --csv and --record replace a file")

    present = call("present", "present", "open a scenario in front of a class: large, and nothing of it is kept")
    present.add_argument(
        "scenario", metavar="SCENARIO", help="a name in the library, a path, or the folder of a course"
    )

    serve = call("serve", "serve", "open the app in a browser tab, on this machine only unless told otherwise")
    serve.add_argument("scenario", metavar="SCENARIO", nargs="?", help="a name, a path, or the folder of a course")
    serve.add_argument("--host", default="127.0.0.1", metavar="H", help="where to listen, by default on 127.0.0.1")
    serve.add_argument("--port", type=_port, default=8000, metavar="P", help="by default 8000; 0 takes a free one")

    verify = call("verify", "verify", "check the claims of scenarios, by default of the whole library")
    verify.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="names, paths, or folders of courses")
    verify.add_argument("--all", action="store_true", help="the whole library")
    verify.add_argument("--seeds", type=_at_least(1), metavar="K", help="for every claim, in place of its own")
    _jobs(verify)
    _json(verify)

    sweep = call("sweep", "sweep", "train every combination of varied keys over every seed")
    _scenario(sweep)
    sweep.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="KEY=V1,V2,…",
        help="values of a key, or a..b:n and a..b:n:log for n from a to b; may be repeated",
    )
    sweep.add_argument(
        "--seeds", type=_at_least(1), default=1, metavar="K", help="run K seeds, from the scenario's own"
    )
    sweep.add_argument("--steps", type=_at_least(0), metavar="N", help="how many, in place of the scenario's own")
    _set(sweep)
    _jobs(sweep)
    sweep.add_argument("--backend", choices=BACKENDS, default=BACKENDS[0], help="joblib's name of what does the work")
    sweep.add_argument("--address", metavar="A", help="where the scheduler of a cluster is, as tcp://host:8786")
    sweep.add_argument("--out", metavar="FILE.csv", help="write the rows as they get done; the same call goes on there")
    sweep.add_argument("--force", action="store_true", help="let --out replace a file")
    _json(sweep)

    replay = call("replay", "replay", "repeat a lesson run that was recorded in the app, and print where it ends")
    replay.add_argument("file", metavar="FILE", help="a lesson run, exported with x")
    _json(replay)

    grade = call("grade", "grade", "repeat the lesson runs of a class, and tell what came of each and what is odd")
    grade.add_argument("folder", metavar="FOLDER", help="the lesson runs, exported with x; folders in it too")
    grade.add_argument(
        "--scenario", nargs="+", action="extend", default=[], metavar="FILE", help="what you handed out; folders too"
    )
    grade.add_argument("--jobs", type=_at_least(1), metavar="N", help="processes, by default one for each processor")
    grade.add_argument("--csv", metavar="FILE", help="write a row for each run")
    grade.add_argument("--force", action="store_true", help="let --csv replace a file")
    _json(grade)

    _scenario(call("gradcheck", "gradcheck", "check the backward pass against central differences"))

    exercise = call("exercise", "exercise", "write a file in which a network's training step is to be completed")
    _scenario(exercise)
    exercise.add_argument("file", metavar="FILE.py", help="the file to write")
    exercise.add_argument("--lane", metavar="ID", help="in place of the first network")
    exercise.add_argument("--force", action="store_true", help="replace a file of that name")

    check = call("check", "check", "run a completed exercise, and name the first operation that is wrong")
    check.add_argument("file", metavar="FILE.py", help="an exercise; it is run in a process of its own")
    check.add_argument("scenario", metavar="SCENARIO", nargs="?", help="in place of the one that the file names")
    check.add_argument("--lane", metavar="ID", help="in place of the one that the file names")
    check.add_argument("--all", action="store_true", help="name everything that is wrong")
    check.add_argument("--watch", action="store_true", help="check again at every save, until ctrl+c")
    check.add_argument("--open", action="store_true", help="open the app where the first of them is")
    _json(check)

    trace = call("trace", "trace", "write out one step, operation by operation")
    _scenario(trace)
    trace.add_argument("--step", type=_at_least(1), default=1, metavar="T", help="which one, by default the first")
    trace.add_argument("--lane", metavar="ID", help="of which lane, by default the first")
    trace.add_argument("--sample", type=_at_least(0), metavar="I", help="follow this sample of the batch alone")
    _set(trace)
    _json(trace)

    worksheet = call("worksheet", "worksheet", "write a step as an exercise on paper, on each sheet with other numbers")
    _scenario(worksheet)
    worksheet.add_argument("--step", type=_at_least(1), default=1, metavar="T", help="which one, by default the first")
    worksheet.add_argument("--seeds", type=_at_least(1), metavar="K", help="K sheets, of the seeds S to S + K - 1")
    worksheet.add_argument(
        "--as",
        type=_learner,
        nargs="+",
        action="extend",
        default=[],
        dest="learners",
        metavar="ID",
        help="a sheet for each of these learners, with a seed of their own",
    )
    worksheet.add_argument("--lane", metavar="ID", help="of which lane, by default the first")
    worksheet.add_argument("--template", metavar="FILE", help="a page of HTML with {{body}} in it")
    worksheet.add_argument("--out", default=".", metavar="FOLDER", help="where to write, by default here")
    worksheet.add_argument("--force", action="store_true", help="replace files")
    _json(worksheet)

    network = call("import", "import_network", "make a scenario that starts from a PyTorch network", "import_network")
    network.add_argument("network", metavar="NET.safetensors", help="the state dict of an nn.Sequential of Linear")
    network.add_argument("--csv", required=True, metavar="DATA.csv", help="the samples, in the folder of FILE.toml")
    network.add_argument("--inputs", metavar="A,B", help="its columns that go in, by default x1,x2,…")
    network.add_argument("--outputs", metavar="C", help="its columns that should come out, by default y1,…")
    network.add_argument("--loss", required=True, metavar="L", help="what it is trained on, as squared")
    network.add_argument("--optimizer", metavar="O", help='as adam, or { name = "adam", learning_rate = 0.01 }')
    network.add_argument("--activation", metavar="A", help="of the hidden layers: one for all, or one each: relu,tanh")
    network.add_argument("--output", metavar="A", help="the activation of the output, by default the loss's own")
    network.add_argument("file", metavar="FILE.toml", help="the scenario to write")
    network.add_argument("--force", action="store_true", help="replace a file")

    new = call("new", "new", "write a commented scenario to start from")
    new.add_argument("file", metavar="FILE", help="a file that does not exist yet")
    new.add_argument("--csv", metavar="DATA.csv", help="samples in the folder of FILE: a scenario that fits them")
    new.add_argument("--inputs", metavar="A,B", help="its columns to predict from, by default all others of numbers")
    new.add_argument("--outputs", metavar="C", help="its columns to predict, by default the last one")
    new.add_argument("--loss", metavar="L", help="by default the one that fits the outputs")

    config = call("config", "config", "write a commented configuration of the app, and print where it is")
    config.add_argument("--template", action="store_true", help="print the commented configuration instead")

    completion = call("completion", "completion", "print a script with which a shell completes what is typed")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")
    completion.formatter_class = argparse.RawDescriptionHelpFormatter
    completion.epilog = COMPLETION

    recorder = call("recorder", "recorder", "write the small file with which a training loop records itself")
    recorder.add_argument("file", nargs="?", default="recorder.py", metavar="FILE.py", help="by default recorder.py")
    recorder.add_argument("--force", action="store_true", help="replace a file")

    diff = call("diff", "diff", "find the first operation at which two runs differ")
    for side in ("a", "b"):
        diff.add_argument(side, metavar=side.upper(), help="SCENARIO[:LANE], or a recorded FILE.npz[:LANE]")
    diff.add_argument("--tolerance", type=_ratio, metavar="R", help="how far numbers may be off, by default 1e-9")
    _json(diff)
    return calls.choices


def _scenario(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", help="a name in the library, or a path")


def _set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a key, may be repeated")


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jobs", type=_at_least(1), metavar="N", help="how many at once, by default one a processor")


def _lazily(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        status: int = getattr(import_module(f"tui.commands.{module}"), function)(options)
        return status

    return run


def _learner(text: str) -> str:
    from tui.session.actions import checked_label

    try:
        return checked_label(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _integer(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'found "{text[:40]}"; allowed: an integer') from None
    if abs(value) >= 2**63:
        raise argparse.ArgumentTypeError("found an integer of more than 64 bits")
    return value


def _ratio(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 < value < 1.0:
        raise argparse.ArgumentTypeError(f'found "{text[:40]}"; allowed: a number between 0 and 1, as 1e-9')
    return value


def _port(text: str) -> int:
    if not text.isdecimal() or len(text) > 5 or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f'found "{text[:40]}"; allowed: a port from 1 to 65535, or 0 for a free one')
    return int(text)


def _at_least(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = _integer(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"found {value}; allowed: at least {least}")
        return value

    return read
