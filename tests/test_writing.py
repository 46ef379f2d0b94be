"""Files that are written for a user: through links, into pipes, and with nothing left where it breaks off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from euaikg.core import folders, writing
from euaikg.errors import OutputError
from tests.conftest import Run


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_what_it_leads_to_is_written(there: bool, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    if there:
        (tmp_path / "deep" / "real.csv").write_text("old")
    (tmp_path / "deep" / "second").symlink_to("real.csv")
    (tmp_path / "folder").symlink_to("deep")
    (tmp_path / "first").symlink_to("folder/second")
    writing.write_bytes(tmp_path / "first", b"new")
    assert (tmp_path / "first").is_symlink() and (tmp_path / "deep" / "second").is_symlink()
    assert (tmp_path / "deep" / "real.csv").read_bytes() == b"new"
    assert names(tmp_path) == ["deep", "first", "folder"] and names(tmp_path / "deep") == ["real.csv", "second"]


def test_a_link_to_a_folder_stays_too(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    for text in (b"old", b"new"):
        writing.write_folder(tmp_path / "link", [("a.csv", text)])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a.csv").read_bytes() == b"new"
    assert names(tmp_path) == ["link", "real"]


def test_what_is_not_to_be_written_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("old")
    (tmp_path / "kept").chmod(0o444)
    (tmp_path / "link").symlink_to("kept")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for name, reason in (("kept", "it is read-only"), ("link", "it is read-only"), ("a", "its links lead in a circle")):
        with pytest.raises(OutputError, match=rf"{name}: cannot be written \({reason}\)\.$"):
            writing.write_bytes(tmp_path / name, b"new")
    assert (tmp_path / "kept").read_text() == "old"
    assert names(tmp_path) == ["a", "b", "kept", "link"]


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    writing.write_bytes(tmp_path / "pipe", [b"one ", b"two"])
    reader.join(10)
    assert read == [b"one two"]
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.slow
@pytest.mark.parametrize("place", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
def test_a_stream_is_written_as_it_stands(place: str, tmp_path: Path, process: Run) -> None:
    (tmp_path / "link").symlink_to("/dev/stdout")
    with (tmp_path / "out").open("wb") as out:
        out.write(b"before\n")
        out.flush()
        done = process("query", "office-holders", "--format", "csv", "-o", place, capture_output=False, stdout=out)
    assert done.returncode == 0
    assert (tmp_path / "out").read_bytes().startswith(b"before\nthing,thingLabel")
    assert names(tmp_path) == ["link", "out"]


@pytest.mark.slow
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
@pytest.mark.parametrize("after", [0.1, 0.9])
@pytest.mark.parametrize("words", [("stats",), ("build", "--store", "cache/s")], ids=["cold", "store"])
def test_a_signal_leaves_nothing_of_a_build(
    words: tuple[str, ...], after: float, sent: signal.Signals, status: int, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    started = subprocess.Popen(
        [sys.executable, "-m", "euaikg", *words], cwd=tmp_path, env={**os.environ, "EUAIKG_CACHE_DIR": str(cache)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not names(cache) and started.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(after)
    started.send_signal(sent)
    _, errors = started.communicate(timeout=60)
    assert "Traceback" not in errors
    assert (started.returncode, names(cache)) == (status, [])


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_leaves_nothing_of_a_file(sent: signal.Signals, status: int, tmp_path: Path) -> None:
    code = f"""
import os, pathlib, time
from euaikg.core import folders, writing
def content():
    yield b"new"
    os.kill(os.getpid(), {int(sent)})
    time.sleep(30)
writing.write_bytes(pathlib.Path("out"), content())
"""
    (tmp_path / "out").write_text("old")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, timeout=25)
    assert (done.returncode, done.stderr) == (status, b"")
    assert names(tmp_path) == ["out"] and (tmp_path / "out").read_text() == "old"


def test_a_signal_while_it_is_cleared_up_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove, moved = folders.remove, False

    def interrupted(*given: object) -> None:
        nonlocal moved
        signal.raise_signal(signal.SIGINT)
        remove(*given)  # type: ignore[arg-type]
        moved = True

    monkeypatch.setattr(folders, "remove", interrupted)
    writing.write_folder(tmp_path / "tables", [("a.csv", b"old")])
    with pytest.raises(KeyboardInterrupt):
        writing.write_folder(tmp_path / "tables", [("a.csv", b"new")])
    assert moved and names(tmp_path) == ["tables"]
    assert (tmp_path / "tables" / "a.csv").read_bytes() == b"new"
