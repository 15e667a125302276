"""The app in browser tabs, by a real server: who reaches it, what it shows, and what it does not touch."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("textual_serve", reason="the extra `serve` is not installed")
import aiohttp

from tests.terminal import gradstep
from tests.tui.serving.tab import Served, Tab, served
from tui.serving.server import _ended

SCENARIO = """
format = 1
name = "own"
title = "My own file"
steps = 20
[data]
expression = "x"
domain = [-1, 1]
samples = 5
[[lanes]]
id = "one"
hidden = [2]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder to serve, with a file beside it that is none of it."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.toml").write_text(SCENARIO.replace("My own file", "A secret"))
    folder = outside / "served"
    folder.mkdir()
    (folder / "own.toml").write_text(SCENARIO)
    (folder / "leads-out.toml").symlink_to(outside / "secret.toml")
    return folder


@pytest.fixture(scope="module")
def server(place):
    with served(place) as one:
        yield one


def asked(url, **headers):
    """Status and text of the page, and of the way to the app, asked for with some headers."""

    async def ask():
        async with aiohttp.ClientSession() as client:
            async with client.get(url, headers=headers) as page:
                status, text = page.status, await page.text(errors="replace")
            async with client.get(f"{url}/ws", headers=headers) as way:
                return status, way.status, text

    return asyncio.run(ask())


def test_it_listens_on_this_machine_only(server):
    port = int(server.url.rpartition(":")[2])
    listening = [
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in Path("/proc/net", name).read_text().splitlines()
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]


def test_the_page_loads_nothing_from_elsewhere(server):
    status, _, text = asked(server.url)
    assert status == 200
    assert "http" not in text.replace("location.origin.replace(/^http/", "")
    for path in ("/static/js/textual.js", "/static/css/xterm.css", "/static/fonts/RobotoMono-VariableFont_wght.ttf"):
        assert path in text
        assert asked(server.url + path)[0] == 200


def test_other_pages_and_other_names_are_refused(server):
    assert asked(server.url, Host="elsewhere.example")[:2] == (403, 403)
    assert asked(server.url, Origin="http://elsewhere.example")[:2] == (403, 403)
    port = server.url.rpartition(":")[2]
    assert asked(server.url, Host=f"localhost:{port}", Origin=f"http://localhost:{port}")[0] == 200


def test_a_tab_paints_the_picker_and_takes_keys(server):
    async def walk():
        async with Tab(server.url, 100, 30) as tab:
            await tab.until("start here: by-hand")
            await tab.press("disc-depth")
            await tab.until(r"❯|disc-depth")
            await tab.press("enter")
            await tab.until(r"step 0 of 1000[\s\S]*\? help")
            await tab.press("n")
            await tab.until("step 1 UPDATE")
            await tab.resize(120, 40)
            await tab.until(r"Shallow and wide beside deep and narrow +paused")
            await tab.press("q")
            await tab.end()

    asyncio.run(walk())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("{outside}/secret.toml", "it lies outside"),
        ("../secret.toml", "it lies outside"),
        ("leads-out.toml", "it lies outside"),
        ("{outside}/", "enter opens this file"),
        ("./own.toml", "My own file"),
        ("~/none.toml", "No such file"),
    ],
)
def test_what_lies_outside_is_not_opened(server, place, typed, told):
    async def walk():
        async with Tab(server.url, 200, 40) as tab:
            await tab.until("start here")
            await tab.press(typed.format(outside=place.parent))
            if not typed.endswith("/"):
                await tab.press("enter")
            await tab.until(told.replace(" ", r"[\s│]+"))
            assert "A secret" not in tab.text

    asyncio.run(walk())


def test_two_tabs_share_nothing_and_write_into_the_served_folder_only(place, tmp_path):
    async def walk(one: Served):
        async with Tab(one.url) as first:
            await first.until("start here")
            await first.press("./own.toml", "enter")
            await first.until(r"step 0 of 20[\s\S]*\? help")
            await first.press("n", "n")
            await first.until("step 2 UPDATE")
            await first.press("x")
            await first.until("Save or export")
            await first.press("t")
            await first.until("written: gradstep-own-step2")
            assert len(one.children) == 1
            async with Tab(one.url) as second:
                await second.until("start here")
                assert "interrupted" not in second.text
                assert "own.toml" not in second.text
                assert len(one.children) == 2
                await second.press("q", "ctrl+q")
                await second.end()
            await first.press("n")
            await first.until("step 3 UPDATE")
        while one.children:
            await asyncio.sleep(0.01)

    before = set(place.iterdir())
    with served(place, HOME=str(tmp_path), XDG_STATE_HOME=str(tmp_path / "state")) as one:
        asyncio.run(walk(one))
        assert one.end() == (0, "")
    exported = {path.name for path in place.iterdir() if path not in before}
    assert exported == {"gradstep-own-step2.txt", "gradstep-own-step2.txt.meta.json"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_the_apps_in_its_tabs(tmp_path, sign):
    async def walk(one: Served):
        async with Tab(one.url) as tab:
            await tab.until("start here")
            (child,) = one.children
            ended = await asyncio.to_thread(one.end, sign)
            await tab.end()
            return ended, child

    with served(tmp_path) as one:
        ended, child = asyncio.run(walk(one))
    assert ended == (0, "")
    assert not Path(f"/proc/{child}").exists()
    assert list(tmp_path.iterdir()) == []


def test_an_app_that_has_said_its_last_is_left_to_end_by_itself():
    class App:
        """What textual-serve calls ended once nothing more is said."""

        async def stop(self):
            await self._process.stdout.read()

    async def ended():
        app = App()
        code = "import os, time; os.close(1); time.sleep(0.1)"
        app._process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=subprocess.PIPE)
        await _ended(app)
        return app._process.returncode

    assert asyncio.run(ended()) == 0


def test_the_app_in_a_tab_ends_with_a_server_that_was_killed(tmp_path):
    async def walk(one: Served):
        async with Tab(one.url) as tab:
            await tab.until("start here")
            (child,) = one.children
            one.process.kill()
            while runs(child):
                await asyncio.sleep(0.01)

    with served(tmp_path) as one:
        asyncio.run(walk(one))


def runs(process):
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_file_is_served_with_its_folder(place, tmp_path):
    async def walk(one: Served):
        async with Tab(one.url) as tab:
            await tab.until(r"own +step 0 of 20[\s\S]*\? help")
            await tab.press("o")
            await tab.until("type to filter")
            await tab.press("./own.toml")
            await tab.until("enter opens this file")

    with served(tmp_path, str(place / "own.toml")) as one:
        assert f"files: {place} " in one.said
        asyncio.run(walk(one))


def refused(*arguments, folder=None, code=""):
    """Status and standard error of `gradstep serve` with arguments that it refuses."""
    command = gradstep("serve", *arguments)
    if code:
        command = [sys.executable, "-c", f"{code}; from tui.cli import main; sys.exit(main({['serve', *arguments]}))"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_what_it_cannot_do_is_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = f"cannot listen at 127.0.0.1:{port}: Address already in use; allowed: an address of this machine, and "
        assert refused("--port", port) == (2, f"gradstep: {said}with --port one that is free\n")
    status, said = refused("--port", "99999")
    assert (status, 'found "99999"; allowed: a port from 1 to 65535, or 0' in said) == (2, True)
    status, said = refused("--host", "no such host")
    assert (status, "--host no such host: this machine knows no such host" in said) == (2, True)
    status, said = refused("disc-dept")
    assert (status, "did you mean disc-depth" in said or "disc-depth" in said) == (2, True)
    blocked = "import sys; sys.modules['textual_serve'] = None"
    status, said = refused(code=blocked)
    assert (status, "pip install 'gradstep[serve]'" in said, said.count("\n")) == (2, True, 1)


def test_it_warns_where_others_can_reach_it(tmp_path):
    with served(tmp_path, "--host", "0.0.0.0") as one:
        status, errors = one.end()
    assert status == 0
    assert errors.count("\n") == 1
    assert "can be reached from other machines: whoever reaches it runs gradstep as you" in errors


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    tmp_path.chmod(0o500)
    status, said = refused("--port", "0", folder=tmp_path)
    assert (status, "cannot be served: Permission denied" in said) == (2, True)
