"""What counts in a run: the configuration file that is found, under the options and the environment."""
# ruff: noqa: PTH100, PTH111, PTH112, PTH113, PTH117, PTH118, PTH120 - strings, as everywhere: pathlib is not imported

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.config import Config
from k8snetlint.configfile.settings import Settings, config_of, overlaid
from k8snetlint.finding import ConfigError
from k8snetlint.source.repository import is_within, repository_root
from k8snetlint.source.search import Search, anchor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_SIZE_LIMIT = 1024 * 1024


class CliSettings(NamedTuple):
    """What the command line says about settings.

    Attributes:
        settings: those that are no paths.
        paths: what is checked.
        config: `--config`, or the environment's; None if none is named.
        isolated: read no file.
        exclude, context, schema_dir: paths and patterns, relative to the working directory.
        force_exclude: files that are named are left out as well.
        origins: for settings by their keys, the option or the variable that tells them; only where that is shown.
    """

    settings: Settings = Settings()
    paths: tuple[str, ...] = ()
    config: str | None = None
    isolated: bool = False
    exclude: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    schema_dir: tuple[str, ...] = ()
    force_exclude: bool = False
    origins: Mapping[str, str] = MappingProxyType({})


class EffectiveSettings(NamedTuple):
    """What counts.

    Attributes:
        settings: of file and command line together.
        config: what the pipeline asks for.
        search: what folders are searched for.
        context: what is there as well.
        file: the configuration file as named in messages, None without one.
        text: what the file says.
        cli_settings: what the command line says.
    """

    settings: Settings
    config: Config
    search: Search
    context: tuple[str, ...]
    file: str | None
    text: str
    cli_settings: CliSettings


def resolve(cli_settings: CliSettings, read: Callable[[str], str | None] | None = None) -> EffectiveSettings:
    """Return what counts.

    Args:
        cli_settings: the command line.
        read: returns the text of a configuration file in the repository, by its absolute path, where not the file
            itself is to be believed; None without one.

    Raises:
        ConfigError: the file cannot be read, or is wrong.
    """
    here = os.path.realpath(os.curdir)
    file = None if cli_settings.isolated else _file(cli_settings, here, read)
    text = _text(file, read) if file else ""
    from_file = _parsed(text, file) if file else Settings()
    folder = os.path.dirname(file) if file and not _is_users(file) else here
    if file:
        from_file = from_file._replace(
            context=_from(folder, here, from_file.context), schema_dir=_from(folder, here, from_file.schema_dir)
        )
        _refuse_outside(from_file, folder)
    cli = cli_settings.settings
    settings = overlaid(
        from_file, cli._replace(context=cli_settings.context or None, schema_dir=cli_settings.schema_dir or None)
    )
    config = config_of(settings, Config())._replace(relative=_relative_to(folder, here))
    if settings.schema_dir:
        from k8snetlint.cli.schema_files import read_schemas  # noqa: PLC0415 - only with --schema-dir

        config = config._replace(**read_schemas(settings.schema_dir)._asdict())
    search = Search(
        exclude=(*anchor(here, cli_settings.exclude), *anchor(folder, from_file.exclude or ())),
        include=anchor(folder, from_file.include or ()),
        force=cli_settings.force_exclude,
    )
    name = os.path.relpath(file, here) if file else None
    return EffectiveSettings(settings, config, search, settings.context or (), name, text, cli_settings)


def _file(cli_settings: CliSettings, here: str, read: Callable[[str], str | None] | None) -> str | None:
    """Return the absolute path of the configuration file that counts."""
    named = cli_settings.config or os.environ.get("K8SNETLINT_CONFIG")
    if named:
        return os.path.abspath(named)
    from k8snetlint.configfile.discover import discover  # noqa: PLC0415 - not with --isolated

    def exists(path: str) -> bool:
        if read and not path.endswith("/.git"):
            return read(path) is not None
        return os.path.lexists(path)

    start = _start(cli_settings.paths, here)
    found = discover(start, exists, lambda path: _text(path, read))
    if found:
        return found
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    users = os.path.join(home, _USERS)
    return users if os.path.isabs(users) and os.path.isfile(users) else None


_USERS = "k8snetlint/k8snetlint.toml"


def _is_users(file: str) -> bool:
    return file.replace(os.sep, "/").endswith(f"/{_USERS}") and repository_root(os.path.dirname(file)) is None


def _start(paths: Iterable[str], here: str) -> str:
    """Return the folder that holds all that is checked: from there upwards a file is looked for."""
    folders = []
    for path in paths:
        real = here if path == "-" else os.path.realpath(path)
        folders.append(real if os.path.isdir(real) else os.path.dirname(real))
    try:
        return os.path.commonpath(folders) if folders else here
    except ValueError:  # several drives
        return here


def _text(path: str, read: Callable[[str], str | None] | None) -> str:
    from k8snetlint.source.read import read_file  # noqa: PLC0415 - only if there is a file

    text = read(path) if read else None
    if text is not None:
        return text
    try:
        _refuse_link_outside(path)
        return read_file(path, _SIZE_LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"cannot read `{_shown(path)}`: not UTF-8") from None
    except OSError as error:
        raise ConfigError(f"cannot read `{_shown(path)}`: {error}") from error


def _refuse_link_outside(path: str) -> None:
    """Refuse a link out of the repository: errors quote what a configuration says."""
    root = repository_root(os.path.dirname(path))
    if root and not is_within(os.path.realpath(path), os.path.realpath(root)):
        raise ConfigError(f"`{_shown(path)}` is a symbolic link that points outside the repository")


def _shown(path: str) -> str:
    return os.path.relpath(path)


def _parsed(text: str, file: str) -> Settings:
    from k8snetlint.cli.options import known_ids  # noqa: PLC0415 - only if there is a file
    from k8snetlint.configfile.discover import table_of  # noqa: PLC0415 - as above
    from k8snetlint.configfile.parse import parse  # noqa: PLC0415 - as above

    return parse(text, _shown(file), known_ids(), table=table_of(file))


def _from(folder: str, here: str, paths: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return paths of a file's folder as seen from the working directory."""
    if paths is None or folder == here:
        return paths
    way = os.path.relpath(folder, here)
    return tuple(os.path.join(way, path) for path in paths)


def _refuse_outside(settings: Settings, folder: str) -> None:
    """Refuse what a file of a repository wants read outside of it; the command line may."""
    root = repository_root(folder)
    if root is None:
        return
    for key, paths in (("context", settings.context), ("schema-dir", settings.schema_dir)):
        for path in paths or ():
            if not is_within(os.path.realpath(path), os.path.realpath(root)):
                raise ConfigError(f"`{key}` of a configuration file points outside the repository: `{path}`")


def _relative_to(folder: str, here: str) -> Callable[[str], str]:
    """Return how paths, as seen from the working directory, read from a folder."""
    way = os.path.relpath(here, folder) if folder != here else ""

    def relative(path: str) -> str:
        if os.path.isabs(path):
            return os.path.relpath(path, folder)
        return os.path.normpath(os.path.join(way, path))

    return relative
