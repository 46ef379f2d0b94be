"""What is shipped works away from the project: the wheel from a foreign folder, offline, without test dependencies."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from euaikg.core import files

BLOCKER = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"pytest", "hypothesis", "ruff", "mypy", "pyshifty", "hatchling"}:
            raise ImportError(f"{name} is a test dependency")
sys.meta_path.insert(0, Blocker())
import runpy
sys.argv[0] = "euaikg"
runpy.run_module("euaikg", run_name="__main__")
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="hatchling is needed to build the wheel without the network")
    if not (files.root() / "pyproject.toml").is_file():
        pytest.skip("this is not a checkout")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, check=True, capture_output=True, cwd=files.root())
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_every_folder_once(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel).namelist()
    assert len(inside) == len(set(inside))
    for folder in files.FOLDERS:
        here = {path.relative_to(files.root()).as_posix() for path in files.shipped(folder, "")}
        assert here
        assert {name.removeprefix("euaikg/") for name in inside if name.startswith(f"euaikg/{folder}/")} == here
    assert "euaikg/py.typed" in inside


@pytest.mark.slow
def test_the_wheel_works_from_a_foreign_folder(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    settings = {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "site"),
        "EUAIKG_CACHE_DIR": str(tmp_path / "cache"),
        "HOME": str(tmp_path),
    }
    for arguments, expected in (
        (["query", "office-holders", "--format", "csv"], "Thierry Breton"),
        (["validate"], "0 violations"),
        (["show", "GenAI4EU"], "initiative/genai4eu"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", BLOCKER, *arguments],
            capture_output=True, text=True, env=settings, cwd=tmp_path, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout
