"""A bug of ours in rendering, or in the way back to the sources, costs one file: all others are reported and mapped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.cli import INTERNAL, run
from k8snetlint.origin import map_to_sources
from k8snetlint.origin.template import template_location
from k8snetlint.render.rendered import Rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint import Finding, Report
    from k8snetlint.render.rendered import Rendering

NAMES = ("a", "broken", "c")
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {{name: {}}}\nspec:\n  ports:\n  - prot: 80\n    port: 80\n"
FILES = {f"base/{name}.yaml": "# base\n" + SERVICE.format(name) for name in NAMES}
TEXT = "---\n".join(map(SERVICE.format, NAMES))
CHOSEN = Config(select=("api-unknown-field",))
ERRORS = [ZeroDivisionError, RecursionError, MemoryError, IndexError, KeyError]


def failing(original: Callable[..., Any], error: type[Exception]) -> Callable[..., Any]:
    """Return a function that fails if one of its arguments concerns `broken`."""

    def function(*arguments: Any, **named: Any) -> Any:
        if any("broken" in text_of(each) for each in (*arguments, *named.values())):
            raise error("the password is hunter2")
        return original(*arguments, **named)

    return function


def text_of(value: Any) -> str:
    parts = [getattr(value, name, "") for name in ("text", "source", "name", "loaded")]
    return repr((value, *parts))


def planted(monkeypatch: pytest.MonkeyPatch, name: str, error: type[Exception] = ZeroDivisionError) -> None:
    module, _, attribute = name.rpartition(".")
    original = getattr(pytest.importorskip(module), attribute)
    monkeypatch.setattr(name, failing(original, error))


def mapped(*, origins: bool = True) -> Report:
    """Lint a text that was rendered from three files, and map its findings."""
    source = Source.of("prod (rendered)", TEXT)
    rendered = Rendered(source, origins=tuple(FILES) if origins else None)
    return map_to_sources(lint([source], CHOSEN), [rendered], FILES.get)


def places(report: Report) -> list[str]:
    return [f"{each.path}:{each.start.line}" for each in report.findings if each.id != "internal-error"]


def failed(report: Report) -> Finding:
    (found,) = [each for each in report.findings if each.id == "internal-error"]
    assert found.rejected
    assert "hunter2" not in found.message
    return found


def test_without_a_bug_all_are_mapped() -> None:
    assert places(mapped()) == ["base/a.yaml:7", "base/broken.yaml:7", "base/c.yaml:7"]


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("k8snetlint.origin.files.load_marked", id="reading a file"),
        pytest.param("k8snetlint.origin.files.Locator", id="what locates in a file"),
        pytest.param("k8snetlint.origin.patched_location", id="the field in its file"),
        pytest.param("k8snetlint.origin.in_patches.find_object", id="the object in its file"),
        pytest.param("k8snetlint.origin.in_patches.counterpart", id="the counterpart of a field"),
        pytest.param("k8snetlint.origin.in_patches.value_at", id="the value of a field"),
        pytest.param("k8snetlint.origin.field_at", id="the field at a place"),
    ],
)
def test_a_bug_costs_one_file(name: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, name, error)
    report = mapped()
    assert places(report) == ["base/a.yaml:7", "base/c.yaml:7", "prod (rendered):14"]
    found = failed(report)
    assert found.path == "base/broken.yaml"
    assert f"{error.__name__} in test_mapping_failures.py:" in found.message


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("k8snetlint.origin.load", id="the text"),
        pytest.param("k8snetlint.origin._Render._document", id="a document"),
    ],
)
def test_a_bug_before_the_file_is_known_costs_one_rendered_text(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {each: Source.of(each, TEXT) for each in ("broken (rendered)", "prod (rendered)")}
    rendered = [Rendered(source, origins=tuple(FILES)) for source in texts.values()]
    report = lint(texts.values(), CHOSEN)
    if name.endswith("load"):
        planted(monkeypatch, name)
    else:
        from k8snetlint.origin import _Render

        original = _Render._document  # noqa: SLF001 - as above

        def document(self: Any, place: Any) -> Any:
            if place.path.startswith("broken"):
                raise ZeroDivisionError("hunter2")
            return original(self, place)

        monkeypatch.setattr(_Render, "_document", document)
    report = map_to_sources(report, rendered, FILES.get)
    assert places(report) == [f"base/{each}.yaml:7" for each in NAMES] + [f"broken (rendered):{n}" for n in (6, 14, 22)]
    assert failed(report).path == "broken (rendered)"


def test_a_template_that_cannot_be_searched_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"---\n# Source: shop/templates/{name}.yaml\n{SERVICE.format(name)}" for name in NAMES)
    files = {f"shop/templates/{name}.yaml": SERVICE.format("{{ .name }}") for name in NAMES}
    source = Source.of("shop (rendered)", text)
    monkeypatch.setattr("k8snetlint.origin.template_location", failing(template_location, ZeroDivisionError))
    report = map_to_sources(lint([source], CHOSEN), [Rendered(source, chart="shop")], files.get)
    assert places(report) == ["shop (rendered):17", "shop/templates/a.yaml:6", "shop/templates/c.yaml:6"]
    assert failed(report).path == "shop/templates/broken.yaml"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with three kustomizations; the function that renders them fails at one."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        Path(name).mkdir()
        Path(name, "kustomization.yaml").write_text("resources: [web.yaml]\n", encoding="utf-8")
        Path(name, "web.yaml").write_text(SERVICE.format(name), encoding="utf-8")

    def rendered(path: str, rendering: Rendering, scratch: str) -> Rendered:
        assert scratch
        assert not rendering.network
        if path == "broken":
            raise ZeroDivisionError("the password is hunter2")
        content = SERVICE.format(path).encode()
        return Rendered(Source(f"{path} (rendered)", lambda: content, stream=True), origins=(f"{path}/web.yaml",))

    monkeypatch.setattr("k8snetlint.render.kustomize.render_kustomization", rendered)
    return tmp_path


def test_a_bug_in_rendering_costs_one_path(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folders.is_dir()
    options = [option for name in NAMES for option in ("--render", name)]
    assert run(["check", *options, "-f", "json", "-f", "sarif:x.sarif", "-f", "gitlab:x.json"]) == INTERNAL
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["path"] for each in found if each["id"] == "api-unknown-field"] == ["a/web.yaml", "c/web.yaml"]
    (bug,) = [each for each in found if each["id"] == "internal-error"]
    assert bug["path"] == "broken (rendered)"
    assert "ZeroDivisionError in test_mapping_failures.py:" in bug["message"]
    assert len(json.loads(Path("x.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]) == len(found)


def test_so_it_does_with_the_server_s_own_answers(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folders.is_dir()
    options = [option for name in NAMES for option in ("--render", name)]
    assert run(["check", "--server-exact", *options, "-f", "json"]) == INTERNAL
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["path"] for each in found] == ["a/web.yaml", "broken (rendered)", "c/web.yaml"]


def test_who_interrupts_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, "k8snetlint.origin.patched_location", KeyboardInterrupt)  # type: ignore[arg-type]  # none
    with pytest.raises(KeyboardInterrupt):
        mapped()
