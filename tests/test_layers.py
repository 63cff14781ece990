"""Each layer imports only what stands left of it, and only some modules may touch the world or ruamel."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import k8snetlint

PACKAGE = Path(k8snetlint.__file__).parent
LAYERS = [
    {"version"},
    {"git", "source"},
    {"edit"},
    {"finding"},
    {"codes", "fingerprints"},
    {"model", "scope"},
    {"render"},
    {"evidence"},
    {"validation"},
    {"rules"},
    {"config"},
    {"configfile", "suppress", "baseline"},
    {"linting"},
    {"origin", "report"},
    {"cli", "__main__"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
TOUCH_THE_WORLD = {"os", "sys", "subprocess", "pathlib", "shutil", "tempfile", "time", "signal", "socket"}
MAY_TOUCH = {
    "cli": "the command line",
    "__main__": "the command line",
    "source/files.py": "reads paths",
    "source/folder.py": "reads paths",
    "source/search.py": "compares paths",
    "source/read.py": "reads paths",
    "source/ignore.py": "reads .gitignore",
    "git/__init__.py": "asks git",
    "git/batch.py": "asks git",
    "git/command.py": "asks git",
    "git/links.py": "reads paths",
    "git/repository.py": "asks git",
    "git/snapshot.py": "reads paths",
    "render/render.py": "reads what is to be rendered",
    "render/helm.py": "reads charts",
    "render/kustomize.py": "reads kustomizations",
    "render/tool.py": "runs tools",
    "validation/schemas.py": "reads our own schemas",
}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def imports(path: Path) -> list[tuple[str, bool]]:
    """Return the modules that a file imports, and whether only for types."""
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    typed = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    found: list[tuple[str, bool]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in typed) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, id(node) in typed))
    return found


def layer(module: str) -> str:
    return module.removeprefix("k8snetlint").lstrip(".").partition(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_point_to_the_left(path: Path) -> None:
    own = path.parts[0].removesuffix(".py")
    if own == "__init__":
        return
    for module, only_types in imports(path):
        other = layer(module)
        if module.startswith("k8snetlint.") and other and not only_types:
            assert RANK[other] <= RANK[own], f"{path} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_only_some_modules_touch_the_world(path: Path) -> None:
    name = path.as_posix()
    if name in MAY_TOUCH or path.parts[0].removesuffix(".py") in MAY_TOUCH:
        return
    runtime = {module.partition(".")[0] for module, only_types in imports(path) if not only_types}
    if name == "rules/__init__.py":
        runtime.discard("sys")  # it looks up the module that is being imported

    assert not runtime & TOUCH_THE_WORLD


def test_only_one_module_knows_ruamel() -> None:
    knowing = {path.as_posix() for path in MODULES for module, _ in imports(path) if "ruamel" in module}

    assert knowing == {"source/events.py"}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_stay_small(path: Path) -> None:
    lines = (PACKAGE / path).read_text(encoding="utf-8").count("\n")

    assert lines <= 300, "split by idea"
