"""The values that the API server reads from YAML scalars.

The server reads YAML through sigs.k8s.io/yaml: go-yaml v2 (a YAML 1.1 of its own) into Go values, then JSON. Neither
YAML 1.2 (`ruamel.yaml`) nor YAML 1.1 (PyYAML) types scalars that way. Whole floats below 1e21 become integers here,
because Go writes them into JSON without a fraction.

Source: go.yaml.in/yaml/v2 resolve.go, sigs.k8s.io/yaml yaml.go
"""

from __future__ import annotations

import math
import re

Scalar = str | bool | int | float | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGER = r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)"
_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_NUMBER_STARTS = ".+-0123456789"
_IN_NUMBERS = "0123456789abcdefABCDEFxXoO+-._"
_TIMESTAMP = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9:.]+(?:Z|[-+][0-9]{2}:[0-9]{2})?)?"
_MOST_DIGITS = 400
"""More digits than any float has; Python does not convert integers of more than 4,300 digits."""
_BETWEEN_DIGITS = r"(?<=[0-9])_(?=[0-9])"
_INT64 = range(-(1 << 63), 1 << 63)
_SURELY_INT64 = 19
_SHORTEST_PRECISION = 6
"""The precision by which strconv chooses between 'f' and 'e' when it writes as few digits as possible."""
_JSON_INTEGER_LIMIT = 1e21
"""encoding/json writes floats from here on with an exponent."""

_YAML = "tag:yaml.org,2002:"
STR, BOOL, INT, FLOAT, NULL, TIMESTAMP, BINARY, MERGE = (
    _YAML + name for name in ("str", "bool", "int", "float", "null", "timestamp", "binary", "merge")
)


class ScalarError(ValueError):
    """The server cannot read this scalar; the text is go-yaml's message."""


def resolve(text: str) -> Scalar:
    """Return the value that the server reads from a plain scalar without a tag.

    `.inf` and `.nan` are returned as floats; JSON does not have them, so the parser reports them.
    """
    value = _go_value(text)
    return _as_json(value) if isinstance(value, float) else value


def _as_json(value: float) -> Scalar:
    """Return the value after encoding/json: a whole float below 1e21 is written without a fraction."""
    if not value.is_integer() or abs(value) >= _JSON_INTEGER_LIMIT:
        return value
    # Both languages write the fewest digits that are read as the same float; JSON adds zeros.
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    return int(whole + fraction + "0" * (int(exponent) - len(fraction))) if exponent else int(value)


def _go_value(text: str) -> Scalar:
    """Return the Go value that go-yaml resolves a plain scalar to."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS or text.strip(_IN_NUMBERS):
        return text
    if text.isdecimal() and text.isascii() and (text[0] != "0" or text == "0") and len(text) < _SURELY_INT64:
        return int(text)
    # Go itself reads the digits of a float that begins with a point: underscores are allowed between digits only.
    if text[0] == ".":
        digits = re.sub(_BETWEEN_DIGITS, "", text)
    elif text[4:5] == "-" and re.fullmatch(_TIMESTAMP, text):
        return text
    else:
        digits = text.replace("_", "")
        if re.fullmatch(_INTEGER, digits):
            number = _integer(digits)
            if number is not None:
                return number
    if re.fullmatch(_FLOAT, digits):
        value = float(digits)
        if not math.isinf(value):
            return value
    return text


def _integer(digits: str) -> int | None:
    """Read a Go integer literal; None if it fits neither int64 nor uint64."""
    if len(digits) > _MOST_DIGITS:
        return None
    sign = -1 if digits[0] == "-" else 1
    body = digits.lstrip("+-")
    octal = len(body) > 1 and body[0] == "0" and body[1].isdigit()
    number = sign * (int(body, 8) if octal else int(body, 0))
    if -(1 << 63) <= number < 1 << 63:
        return number
    # strconv.ParseUint takes no sign.
    return number if 0 <= number < 1 << 64 and digits[0] not in "+-" else None


def is_text(text: str) -> bool:
    """Tell fast whether a plain scalar is a string; False for some strings, too."""
    return text[0] not in _NUMBER_STARTS and text not in _WORDS


def resolve_tagged(tag: str, text: str) -> Scalar:
    """Return the value that the server reads from a scalar with an explicit tag; with an unknown tag it is a string.

    Raises:
        ScalarError: the text is not valid for the tag.
    """
    value = go_value(tag, text)
    return _as_json(value) if isinstance(value, float) else value


def go_value(tag: str | None, text: str) -> Scalar:
    """Return the Go value that go-yaml resolves a scalar to; its tag is None if it is plain.

    Raises:
        ScalarError: the text is not valid for the tag.
    """
    if tag is None:
        return _go_value(text)
    if tag == BINARY:
        import base64  # noqa: PLC0415 - few values are
        import binascii  # noqa: PLC0415 - as above

        try:
            return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            raise ScalarError("!!binary value contains invalid base64 data") from None
    if tag not in (BOOL, INT, FLOAT, NULL, TIMESTAMP):
        return text
    value = _go_value(text)
    found = _tag_of(value, text)
    if tag == FLOAT and found == INT and value in _INT64:
        return float(value)  # type: ignore[arg-type]  # its tag is that of an integer
    if tag != found:
        # go-yaml tries a timestamp only if no other tag fits.
        kind = STR if found == TIMESTAMP else found
        raise ScalarError(f"cannot decode {kind.replace(_YAML, '!!')} `{text}` as a {tag.replace(_YAML, '!!')}")
    return value


def _tag_of(value: Scalar, text: str) -> str:
    if isinstance(value, str):
        return TIMESTAMP if re.fullmatch(_TIMESTAMP, text) else STR
    for kind, tag in ((bool, BOOL), (int, INT), (float, FLOAT)):
        if isinstance(value, kind):
            return tag
    return NULL


def resolve_key(text: str) -> str | None:
    """Return the string that a plain key becomes in JSON, None if it cannot be one.

    `on:` is the key `true`, `010:` is `8`; floats are written with the precision of a float32; null and integers
    beyond int64 cannot be keys.
    """
    return key_text(_go_value(text))


def key_text(value: Scalar) -> str | None:
    """Return the string that a Go value becomes as a key in JSON; see `resolve_key`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value in _INT64 else None
    if isinstance(value, float):
        return _float32_text(value)
    return None


def _float32_text(value: float) -> str:
    """Write a float as strconv.FormatFloat(value, 'g', -1, 32) does."""
    if math.isnan(value):
        return ".nan"
    import struct  # noqa: PLC0415 - only for a key that is a fraction

    try:
        wanted = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        wanted = math.copysign(math.inf, value)
    if math.isinf(wanted):
        return ".inf" if value > 0 else "-.inf"
    for precision in range(9):
        text = f"{value:.{precision}e}"
        if struct.unpack("f", struct.pack("f", float(text)))[0] == wanted:
            break
    exponent = int(text.partition("e")[2])
    if wanted == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    if -5 < exponent < _SHORTEST_PRECISION:
        return f"{float(text):.{max(precision - exponent, 0)}f}"
    return text
