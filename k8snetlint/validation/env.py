"""Environment variables of containers, as the API server validates them.

Source: `ValidateEnv` and `ValidateEnvFrom` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import EMPTY, fullmatch, label, prefix_of, regex, size, subdomain, too_many_characters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.pod_context import PodContext

_RELAXED_NAMES = (1, 32)
"""The gate RelaxedEnvironmentVariableValidation."""
_FILES = (1, 35)
"""The gate EnvFiles; before, the server dropped a `fileKeyRef`."""
_NAME = "[-._a-zA-Z][-._a-zA-Z0-9]*"
_KEY = "[-._a-zA-Z0-9]+"
_NO_SOURCE = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`"
_SEVERAL = "may not have more than one field specified at a time"


def env(value: Sequence[Any], path: FieldPath, _: dict[str, Any], pod: PodContext, causes: Causes) -> None:
    """Check `env`."""
    relaxed = pod.server.version >= _RELAXED_NAMES
    for index, each in enumerate(value):
        variable = each or {}
        name = variable.get("name")
        if not name:
            causes.required((*path, index, "name"))
        elif not (relaxed and name.isidentifier() and name.isascii()):
            causes.each_invalid((*path, index, "name"), name, _name_faults(name, pod.server.version))
        source = variable.get("valueFrom")
        if source is not None:
            _value_from(source, (*path, index, "valueFrom"), variable, pod, causes)


def env_from(value: Sequence[Any], path: FieldPath, _: dict[str, Any], pod: PodContext, causes: Causes) -> None:
    """Check `envFrom`."""
    for index, each in enumerate(value):
        source, at = each or {}, (*path, index)
        prefix = source.get("prefix")
        if prefix:
            causes.each_invalid((*at, "prefix"), prefix, _name_faults(prefix, pod.server.version))
        number = 0
        for field in ("configMapRef", "secretRef"):
            reference = source.get(field)
            if reference is None:
                continue
            number += 1
            name = reference.get("name")
            if not name:
                causes.required((*at, field, "name"))
            else:
                causes.each_invalid((*at, field, "name"), name, prefix_of(subdomain)(name))
        if number != 1:
            # The server names the list.
            detail = _SEVERAL if number else "must specify one of: `configMapRef` or `secretRef`"
            causes.invalid(at, "", detail, field=server_field(path))


def _name_faults(text: str, version: Version) -> list[str]:
    if version >= _RELAXED_NAMES:
        return variable_name(text)
    wrong = []
    if not fullmatch(_NAME, text):
        wrong.append(
            regex(
                "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', "
                "and must not start with a digit",
                *(_NAME, "my.env-name", "MY_ENV.NAME", "MyEnvName1"),
            )
        )
    return wrong + _parent_folder(text)


def variable_name(text: str) -> list[str]:
    """Check the name of an environment variable."""
    wrong = [] if text else [f"environment variable name {EMPTY}"]
    if "=" in text or not (text.isascii() and text.isprintable()):
        wrong.append("a valid environment variable name must consist only of printable ASCII characters other than '='")
    return wrong


def _parent_folder(text: str) -> list[str]:
    if text in (".", ".."):
        return [f"must not be '{text}'"]
    return ["must not start with '..'"] if text.startswith("..") else []


def _key(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    """Check a reference to a key of a ConfigMap or Secret."""
    name, key = value.get("name") or "", value.get("key")
    if label(name):
        # What is a label is a subdomain, and labels are remembered.
        causes.each_invalid((*path, "name"), name, subdomain(name))
    if not key:
        causes.required((*path, "key"))
    else:
        wrong = _key_faults(key)
        if wrong:
            causes.each_invalid((*path, "key"), key, wrong)


@functools.lru_cache(maxsize=1024)
def _key_faults(text: str) -> list[str]:
    wrong = [too_many_characters(253)] if size(text) > 253 else []
    if not fullmatch(_KEY, text):
        message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        wrong.append(regex(message, _KEY, "key.name", "KEY_NAME", "key-name"))
    return wrong + _parent_folder(text)


def _value_from(
    value: dict[str, Any], path: FieldPath, variable: dict[str, Any], pod: PodContext, causes: Causes
) -> None:
    has_files = pod.server.version >= _FILES
    fields = [each for each in value if value[each] is not None and (has_files or each != "fileKeyRef")]
    for field in fields:
        source, at = value[field], (*path, field)
        match field:
            case "fieldRef":
                _references().field_ref(source, at, pod.server.version, causes)
            case "resourceFieldRef":
                _references().resource_field_ref(source, at, causes)
            case "fileKeyRef":
                _file_key(source, at, pod, causes)
            case _:
                _key(source, at, causes)
    if not fields:
        end = ", `secretKeyRef` or `fileKeyRef`" if has_files else " or `secretKeyRef`"
        causes.invalid(path, "", _NO_SOURCE + end)
    elif variable.get("value"):
        causes.invalid(path, "", "may not be specified when `value` is not empty")
    elif len(fields) > 1:
        causes.invalid(path, "", _SEVERAL)


@functools.cache
def _references() -> ModuleType:
    from k8snetlint.validation import downward  # noqa: PLC0415 - most variables are plain

    return downward


def _file_key(value: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check a reference to a key in a file of a volume."""
    from k8snetlint.validation.paths import backsteps  # noqa: PLC0415 - hardly any variable is from a file

    key, volume, file = value.get("key"), value.get("volumeName") or "", value.get("path")
    if not key:
        causes.required((*path, "key"))
    else:
        causes.each_invalid((*path, "key"), key, variable_name(key))
    if not volume:
        causes.required((*path, "volumeName"))
    else:
        causes.each_invalid((*path, "volumeName"), volume, label(volume))
    if not file:
        causes.required((*path, "path"))
    else:
        causes.each_invalid((*path, "path"), file, backsteps(file))
    written = {(each or {}).get("name") or "": each or {} for each in pod.spec.get("volumes") or ()}
    if volume not in written:
        causes.not_found((*path, "volumeName"), volume, among=(*pod.path, "volumes"))
    elif written[volume].get("emptyDir") is None and written[volume].keys() - {"name"}:
        causes.invalid((*path, "volumeName"), volume, "referenced volume must be of type emptyDir")
