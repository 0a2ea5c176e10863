"""setup.cfg, environment.yml, the locks and docs/dependencies.md say the same."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

EXTRAS = ("imagery", "postgis", "fonts", "test")


def _requirements(repo: Path) -> dict[str, str]:
    config = configparser.ConfigParser()
    config.read(repo / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"].split("\n")
    for extra in EXTRAS:
        lines += config["options.extras_require"][extra].split("\n")
    return dict(_split(line) for line in lines if line.strip())


def _split(line: str) -> tuple[str, str]:
    name, bound = re.fullmatch(r"([A-Za-z0-9_.\-]+)(?:\[[a-z,]+\])?(.*)", line.strip()).groups()
    return name.lower(), bound


def _environment(repo: Path) -> tuple[dict[str, str], dict[str, str]]:
    conda: dict[str, str] = {}
    pip: dict[str, str] = {}
    text = (repo / "environment.yml").read_text(encoding="utf-8").split("dependencies:")[1]
    for line in text.splitlines():
        found = re.fullmatch(r"(\s+)- ([^#:]+)", line)
        if found:
            (pip if len(found[1]) > 2 else conda).update([_split(found[2])])
    return conda, pip


def test_environment_and_setup_name_the_same_packages_with_the_same_bounds(repo):
    conda, pip = _environment(repo)
    assert conda.pop("python") == ">=3.11"
    assert conda.pop("pip") == ""
    assert conda | pip == _requirements(repo)


def test_what_conda_lacks_has_its_reason(repo):
    lines = (repo / "environment.yml").read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip() == "- pip:")
    for i in range(start + 1, len(lines)):
        if lines[i].strip().startswith("- "):
            assert lines[i - 1].strip().startswith("# not on conda-forge: "), lines[i]


def test_locks_pin_every_requirement(repo):
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (repo / name).read_text(encoding="utf-8")
        assert "http" not in text
        assert "file:" not in text
        pinned = {m[1].lower() for m in re.finditer(r"^([A-Za-z0-9_.\-]+)==", text, re.M)}
        wanted = set(_requirements(repo))
        if name == "requirements.lock":
            wanted = {w for w in wanted if w in _core(repo)}
        assert wanted <= pinned, wanted - pinned


def _core(repo: Path) -> set[str]:
    config = configparser.ConfigParser()
    config.read(repo / "setup.cfg", encoding="utf-8")
    return {_split(line)[0] for line in config["options"]["install_requires"].split("\n") if line.strip()}


def test_every_dependency_has_its_reason(repo):
    text = (repo / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for name in _requirements(repo):
        assert f"`{name}`" in text, name


def test_every_file_of_the_packages_that_is_no_code_is_packed(repo):
    config = configparser.ConfigParser()
    config.read(repo / "setup.cfg", encoding="utf-8")
    packed = set()
    for package, patterns in config["options.package_data"].items():
        folder = repo / package.replace(".", "/")
        packed |= {path for pattern in re.split(r"[,\s]+", patterns.strip()) for path in folder.glob(pattern)}
    data = {
        p
        for p in (repo / "landuse").rglob("*")
        if p.is_file() and p.suffix not in (".py", ".pyc", ".nbi", ".nbc")
    }
    assert {p.suffix for p in data} >= {".toml", ".csv"}
    assert data - packed == set()
