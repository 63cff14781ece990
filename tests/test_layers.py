"""Each layer imports only what stands left of it, no modules import each other, few touch the world or ruamel.

An import counts wherever it is written: for types only, inside a function, within a layer.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import k8snetlint

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE = Path(k8snetlint.__file__).parent
LAYERS = [
    {"version", "website"},
    {"process"},
    {"source"},
    {"edit", "git"},
    {"finding"},
    {"codes", "fingerprints"},
    {"model"},
    {"render"},
    {"scope"},
    {"evidence"},
    {"validation"},
    {"connectivity"},
    {"rules"},
    {"config"},
    {"configfile", "suppress", "baseline"},
    {"linting"},
    {"pages"},
    {"origin", "report"},
    {"cli", "__main__", "__init__"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
REGISTRATION = {
    ("cli", "cli.app"): "the entry point starts the application, which takes the exit codes from it",
    ("cli", "cli.few_options"): "the entry point reads the commonest command lines, which end with its exit codes",
    ("cli.app", "cli.check"): "the command registers itself",
    ("cli.app", "cli.commands"): "the commands register themselves",
    ("cli.app", "cli.connections"): "the command registers itself",
    ("cli.app", "cli.assert_connections"): "the command registers itself",
    ("cli.app", "cli.diff"): "the command registers itself",
    ("cli.app", "cli.explain"): "the command registers itself",
}
"""The imports by which commands are registered; they make no circle."""
TOUCH_THE_WORLD = {"os", "sys", "subprocess", "pathlib", "shutil", "tempfile", "time", "signal", "socket"}
MAY_TOUCH = {
    "cli": "the command line",
    "__main__": "the command line",
    "process.py": "runs programs",
    "source/files.py": "reads paths",
    "source/folder.py": "reads paths",
    "source/read.py": "reads paths",
    "source/repository.py": "reads paths",
    "source/search.py": "compares paths",
    "git/__init__.py": "asks git",
    "git/batch.py": "knows its process",
    "git/command.py": "asks git",
    "git/links.py": "reads paths",
    "git/repository.py": "asks git",
    "git/snapshot.py": "reads paths",
    "render/files.py": "reads charts and kustomizations",
    "render/render.py": "reads what is to be rendered",
    "render/helm.py": "reads charts",
    "render/kustomize.py": "reads kustomizations",
    "render/tool.py": "makes folders for tools",
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


def name_of(path: Path) -> str:
    """Return `cli.app` for `cli/app.py`, `cli` for `cli/__init__.py`."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


NAMES = {name_of(path) for path in MODULES}


def own_imports(path: Path) -> set[str]:
    """Return the modules of the package that a file imports, for types only or inside a function, too."""
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            of_module = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {each for each in of_module if each.removeprefix("k8snetlint.") in NAMES}
            found |= modules if len(modules) == len(of_module) else {node.module, *modules}
    return {each.removeprefix("k8snetlint.") for each in found if each.startswith("k8snetlint.")}


IMPORTS = {name_of(path): own_imports(path) for path in MODULES}


def circles(imports: Mapping[str, set[str]]) -> list[set[str]]:
    """Return the sets of modules that all reach each other by imports (Tarjan's strongly connected components)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        stack.append(module)
        for other in imports.get(module, ()):
            if other not in order:
                visit(other)
            if other in stack:
                lowest[module] = min(lowest[module], lowest[other])
        if lowest[module] == order[module]:
            at = stack.index(module)
            component = {*stack[at:]}
            del stack[at:]
            if len(component) > 1 or module in imports.get(module, ()):
                found.append(component)

    for module in imports:
        if module not in order:
            visit(module)
    return found


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        pytest.param({"a": {"b", "c"}, "b": {"c"}, "c": set()}, [], id="none"),
        pytest.param({"a": {"b"}, "b": {"a"}}, [{"a", "b"}], id="two modules"),
        pytest.param({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set()}, [{"a", "b", "c"}], id="three"),
        pytest.param({"a": {"a"}}, [{"a"}], id="itself"),
        pytest.param({"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c"}}, [{"c", "d"}, {"a", "b"}], id="two circles"),
    ],
)
def test_circles_are_found(imports: dict[str, set[str]], expected: list[set[str]]) -> None:
    assert circles(imports) == expected


def test_no_circles() -> None:
    registered = {module: {other for by, other in REGISTRATION if by == module} for module in IMPORTS}
    found = circles({module: others - registered[module] for module, others in IMPORTS.items()})

    assert [sorted(each) for each in found] == []


@pytest.mark.parametrize("module", sorted(IMPORTS))
def test_imports_point_to_the_left(module: str) -> None:
    own = module.partition(".")[0]
    for other in IMPORTS[module]:
        assert RANK[other.partition(".")[0]] <= RANK[own], f"{module} imports {other}"


def test_no_import_is_listed_that_is_gone() -> None:
    assert [(module, other) for module, other in REGISTRATION if other not in IMPORTS.get(module, ())] == []


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
