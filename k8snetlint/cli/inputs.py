"""What a run reads: the working tree, or a state that git knows."""
# ruff: noqa: PTH112, PTH118 - strings, as everywhere

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.cli.output import say
from k8snetlint.linting.inventory import KustomizationFiles
from k8snetlint.source.files import Found, find
from k8snetlint.source.names import KUSTOMIZATIONS
from k8snetlint.source.read import file_source, unreadable_source
from k8snetlint.source.repository import OUTSIDE, is_within, leads_out, repository_root
from k8snetlint.source.search import OWN_CONFIGS, FolderFilter, is_excluded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from k8snetlint.cli.check_options import CheckOptions
    from k8snetlint.cli.settings import EffectiveSettings
    from k8snetlint.git.repository import Entry, Repository
    from k8snetlint.render.rendered import Rendered
    from k8snetlint.source.document import Source


class Inputs(NamedTuple):
    """What is read.

    Attributes:
        found: what is checked.
        context: what is there as well.
        rendered: what of it a tool made.
        whole: the paths hold the whole project.
        kustomizations: the kustomization files that were parsed to find the context.
        entries: the state that is read; None for the working tree.
    """

    found: Found
    context: list[Source]
    rendered: list[Rendered]
    whole: bool
    kustomizations: KustomizationFiles
    entries: Mapping[str, Entry] | None = None


def working_tree(effective: EffectiveSettings, check_options: CheckOptions) -> Inputs:
    """Return the files that are there.

    Raises:
        MissingPathError: a path does not exist.
        ConfigError: something cannot be rendered.
    """
    paths = effective.cli_settings.paths or (() if check_options.rendering else (".",))
    # Whoever writes a change can make a link of a path that somebody else names.
    links = [path for path in paths if path != "-" and leads_out(path)] if check_options.trust is not None else []
    found = find(
        [path for path in paths if path not in links],
        effective.search,
        tracked_files=_tracked_files,
        stdin_name=check_options.stdin_name,
    )
    found = _with(found, [unreadable_source(path, OUTSIDE) for path in dict.fromkeys(links)])
    whole = _is_whole(found.searched)
    rendered: list[Rendered] = []
    if check_options.rendering:
        from k8snetlint.cli.render import with_rendered  # noqa: PLC0415 - only with --render

        found, rendered = with_rendered(found, check_options.rendering, effective.settings.facts.versions)
        for each in rendered:
            if each.note and check_options.is_text and not check_options.quiet:
                say(each.note, "note")
    kustomizations = KustomizationFiles()
    context = _context(found.sources, effective, kustomizations)
    if check_options.trust is not None:
        found = _with_hidden(found, context, effective)
    return Inputs(found, context, rendered, whole, kustomizations)


def _tracked_files(folder: str) -> list[str]:
    from k8snetlint.git import tracked_files  # noqa: PLC0415 - only if a folder has ignored manifests, or with --trust

    return tracked_files(folder)


def _with_hidden(
    found: Found,
    context: Sequence[Source],
    effective: EffectiveSettings,
    *,
    listed: Callable[[str], Iterable[str]] = _tracked_files,
    opened: Callable[[str], Source] = file_source,
) -> Found:
    """Return what is found, with what a change could hide: a search passes it over because of its name alone.

    That is a manifest called like our own configuration, and one that a kustomization names: in a folder like `venv`,
    or without the ending of a manifest.

    Args:
        found: what a search finds.
        context: what is there as well.
        effective: what counts.
        listed: returns the files that git knows below a folder, by its real path, from there.
        opened: returns one of them by its name.
    """
    known = {source.path for source in found.sources}
    hidden: dict[str, Source] = {}
    for path in found.searched:
        if path == "-":
            continue
        top = os.path.realpath(path)
        wanted = FolderFilter.at(effective.search, top)
        below: dict[str, Source | None] = {
            name: None for name in listed(top) if posixpath.basename(name) in OWN_CONFIGS
        }
        below |= {os.path.relpath(source.name, path): source for source in context}
        for name, source in below.items():
            full = posixpath.normpath(posixpath.join(path, name))
            parts = name.split("/")
            # What the configuration leaves out stays out; it is the revision's.
            if parts[0] == os.pardir or full in known or is_excluded(full, effective.search):
                continue
            if not effective.search.include or wanted.accepts_below([*parts[:-1], parts[-1].removeprefix(".")]):
                hidden.setdefault(full, source or opened(full))
    return _with(found, hidden.values())


def _with(found: Found, more: Iterable[Source]) -> Found:
    names = {source.name for source in found.sources}
    every = (*found.sources, *(source for source in more if source.name not in names))
    return found._replace(sources=tuple(sorted(every, key=lambda source: source.name)))


def _context(
    sources: Sequence[Source],
    effective: EffectiveSettings,
    kustomizations: KustomizationFiles,
    open_: Callable[[str], Source | None] | None = None,
) -> list[Source]:
    if not effective.context and not any(source.name.endswith(KUSTOMIZATIONS) for source in sources):
        return []
    from k8snetlint.cli.context import context_of, on_disk  # noqa: PLC0415 - only where there is one

    # What counts as a manifest of the project does not count elsewhere.
    search = effective.search._replace(include=())
    named = find(effective.context, search, tracked_files=_tracked_files).sources
    return context_of(sources, kustomizations, named, open_ or on_disk)


def state(
    repository: Repository, entries: Mapping[str, Entry], effective: EffectiveSettings, *, trust: bool = False
) -> Inputs:
    """Return the files of a state; what is there as well is as it was, if it lies in the repository.

    Raises:
        GitError: git cannot tell.
    """
    from k8snetlint.git.command import GitError  # noqa: PLC0415 - only with git's states
    from k8snetlint.git.links import Links  # noqa: PLC0415 - as above
    from k8snetlint.git.snapshot import path_from_root, snapshot  # noqa: PLC0415 - as above

    paths = effective.cli_settings.paths or (".",)
    sources = tuple(snapshot(repository, entries, paths, effective.search))
    found = Found(sources, tuple(path for path in paths if os.path.isdir(path)), ())
    here = [path for path in effective.context if is_within(os.path.realpath(path), repository.root)]
    context_sources = snapshot(repository, entries, here, effective.search._replace(include=()))
    elsewhere = effective._replace(context=tuple(path for path in effective.context if path not in here))
    root, leads = repository.root, Links(repository, entries)

    def opened(name: str) -> Source | None:
        try:
            target = leads.follow(path_from_root(name, root))
        except GitError:  # outside
            return None
        if target.is_folder or target.path not in entries:
            return None
        return snapshot(repository, entries, [name])[0]

    kustomizations = KustomizationFiles()
    context = [*context_sources, *_context((*sources, *context_sources), elsewhere, kustomizations, opened)]
    if trust:
        outside = [path for path in paths if leads.follow(path_from_root(path, root)).reason == OUTSIDE]
        found = _with(found, [unreadable_source(path, OUTSIDE) for path in dict.fromkeys(outside)])
        found = _with_hidden(
            found,
            context,
            effective,
            listed=lambda top: [os.path.relpath(os.path.join(root, each), top) for each in entries],
            opened=lambda name: snapshot(repository, entries, [name])[0],
        )
    return Inputs(found, context, [], _is_whole(found.searched), kustomizations, entries)


def _is_whole(searched: Sequence[str]) -> bool:
    """Tell whether folders that were searched hold all of a repository."""
    here = os.path.realpath(os.curdir)
    root = repository_root(here)
    for path in searched:
        real = os.path.realpath(path) if path != "-" else ""
        if root and real and is_within(root, real):
            return True
    return False
