"""What the API server warns of in volumes that it takes: kinds that no longer work, files that hide each other.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/pod/warnings.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.causes import ApiWarning, quoted, server_field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath

_GONE = {
    "photonPersistentDisk": ((1, 11), "deprecated in v1.11, non-functional in v1.16+"),
    "gitRepo": ((1, 33), "deprecated in v1.11, and disabled by default in v1.33+"),
    "scaleIO": ((1, 16), "deprecated in v1.16, non-functional in v1.22+"),
    "flocker": ((1, 22), "deprecated in v1.22, non-functional in v1.25+"),
    "storageos": ((1, 22), "deprecated in v1.22, non-functional in v1.25+"),
    "quobyte": ((1, 22), "deprecated in v1.22, non-functional in v1.25+"),
    "glusterfs": ((1, 26), "deprecated in v1.25, non-functional in v1.26+"),
    "cephfs": ((1, 31), "deprecated in v1.28, non-functional in v1.31+"),
    "rbd": ((1, 31), "deprecated in v1.28, non-functional in v1.31+"),
}
"""Sources of volumes that are gone: since when the server says so, and in which words."""
_SPELLING = {"storageos": "storageOS"}
_ITEMS = (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"), ("downwardAPI", "DownwardAPI", ""))


def volume_warnings(value: Sequence[Any], path: FieldPath, version: Version, shift: int = 0) -> Iterator[ApiWarning]:
    """Yield what the server warns of in `volumes`; it puts `shift` others before them."""
    for index, each in enumerate(value):
        volume, at = each or {}, (*path, index)
        for source in volume:
            if source in _GONE and volume[source] is not None and version >= _GONE[source][0]:
                named = server_field((*path, index + shift, _SPELLING.get(source, source)))
                yield ApiWarning((*at, source), f"{named}: {_GONE[source][1]}")
        claim = (volume.get("ephemeral") or {}).get("volumeClaimTemplate")
        if claim is not None:
            yield from claim_warnings(claim, (*at, "ephemeral", "volumeClaimTemplate", "spec"))
        yield from _overlaps(volume, at)


def claim_warnings(template: Mapping[str, Any], path: FieldPath, field: str = "") -> Iterator[ApiWarning]:
    """Yield that a claim asks for a fraction of a byte; `field` is how the server names its `spec`."""
    from k8snetlint.validation.container_warnings import fraction  # noqa: PLC0415 - few volumes are claims

    for each in ("requests", "limits"):
        amounts = ((template.get("spec") or {}).get("resources") or {}).get(each) or {}
        if "storage" in amounts:
            at = (*path, "resources", each, MapKey("storage"))
            named = f"{field or server_field(path)}.resources.{each}[storage]"
            yield from fraction(amounts["storage"], at, named)


def _overlaps(volume: Mapping[str, Any], path: FieldPath) -> Iterator[ApiWarning]:
    name = quoted(volume.get("name") or "")
    for source, noun, field in _ITEMS:
        part = volume.get(source) or {}
        if len(part.get("items") or ()) > 1:
            shown = f"{noun} {quoted(part.get(field) or '')}" if field else noun
            files = [((each or {}).get("path") or "", "") for each in part["items"]]
            for words in _collisions(files):
                yield ApiWarning((*path, source, "items"), f"volume {name} ({shown}): overlapping paths: {words}")
    projected = volume.get("projected")
    if projected is None:
        return
    files = []
    for index, each in enumerate(projected.get("sources") or ()):
        if any(part is not None for part in (each or {}).values()):
            files += _files(each)
        else:
            at = (*path, "projected", "sources", index)
            yield ApiWarning(at, f"volume {name} (Projected) has no sources provided")
    for words in _collisions(files):
        yield ApiWarning((*path, "projected"), f"volume {name} (Projected): overlapping paths: {words}")


def _files(source: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the files of a projected source, each with what it is from."""
    for kind, noun in (("configMap", "ConfigMap"), ("secret", "Secret"), ("downwardAPI", "DownwardAPI")):
        part = source.get(kind) or {}
        if part.get("items") is not None:
            shown = noun if kind == "downwardAPI" else f"{noun} {quoted(part.get('name') or '')}"
            return [((each or {}).get("path") or "", shown) for each in part["items"]]
    token = source.get("serviceAccountToken")
    return [] if token is None else [(token.get("path") or "", "ServiceAccountToken")]


def _collisions(files: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the files that are, or are in, another one."""
    seen: list[tuple[str, str]] = []
    for text, source in files:
        file = (text.rstrip("/"), source)
        for other in seen if file[0] else ():
            first, second = file[0], other[0]
            if second and (first == second or first.startswith(f"{second}/") or second.startswith(f"{first}/")):
                yield f"{_shown(file)} with {_shown(other)}"
        seen.append(file)


def _shown(file: tuple[str, str]) -> str:
    path, source = file
    return f"{quoted(path)} ({source})" if source else quoted(path)
