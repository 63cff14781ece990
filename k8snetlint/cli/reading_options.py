"""The options of commands that read manifests to answer questions about connections, declared once.

A command takes them together, as its first parameter:

    @app.command()
    @reads_manifests()
    def connections(reading: "ReadOptions", *, expand: Annotated[bool, option("--expand")] = False) -> int:

Its own arguments come before PATHS. Annotations are evaluated here once, see `check`.
"""

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from k8snetlint.cli.app import fact, many, option
from k8snetlint.cli.output import Color

if TYPE_CHECKING:
    from k8snetlint.cli.clusters import ReadOptions

_Many = list[str]
_Own = ParamSpec("_Own")

Paths = Annotated[
    _Many,
    typer.Argument(
        metavar="[PATHS]...",
        show_default=False,
        default_factory=list,
        help="Files and folders; `-` is standard input. Without any: the working directory.",
    ),
]
ColorOption = Annotated[Color, option("--color", help="When to use colours. [auto]")]
Quiet = Annotated[bool, option("-q", "--quiet", help="Print results only.")]
AllowEmpty = Annotated[bool, option("--allow-empty", help="Exit with 0 if no Kubernetes object is found.")]
OutputFile = Annotated[
    str | None, option("-o", "--output", metavar="FILE", help="Write the result to a file, not to standard output.")
]


def _declarations(  # what Typer reads of it are its parameters
    *,
    kubernetes_version: Annotated[
        _Many,
        many(
            *("--kubernetes-version", "VERSION", "Kubernetes versions of the cluster, separated by commas. [newest]"),
            envvar="K8SNETLINT_KUBERNETES_VERSION",
        ),
    ],
    namespace: Annotated[
        str | None,
        fact("--namespace", "NAME", "The namespace of objects without one, and of charts."),
    ] = None,
    whole_cluster: Annotated[
        bool,
        option(
            "--whole-cluster",
            help="The manifests are complete and one cluster: nothing else is in it.",
            envvar="K8SNETLINT_WHOLE_CLUSTER",
        ),
    ] = False,
    cni: Annotated[
        str | None,
        fact("--cni", "NAME[@VERSION]", "The CNI plugin of the cluster, for example calico, or cilium@1.17."),
    ] = None,
    pod_cidr: Annotated[
        _Many,
        many(
            *("--pod-cidr", "CIDR", "The CIDRs of the cluster's pods, separated by commas."),
            envvar="K8SNETLINT_POD_CIDR",
        ),
    ],
    service_cidr: Annotated[
        _Many,
        many(
            *("--service-cidr", "CIDR", "The Service CIDRs of the cluster, separated by commas."),
            envvar="K8SNETLINT_SERVICE_CIDR",
        ),
    ],
    cluster_domain: Annotated[
        str | None,
        fact("--cluster-domain", "DOMAIN", "The DNS domain of the cluster. [cluster.local]"),
    ] = None,
    ingress_controller: Annotated[
        _Many,
        many(
            *("--ingress-controller", "NAMESPACE?LABEL=VALUE", "The pods that serve Ingresses."),
            envvar="K8SNETLINT_INGRESS_CONTROLLER",
        ),
    ],
    context: Annotated[_Many, many("--context", "PATH", "More manifests of the same cluster.")],
    exclude: Annotated[_Many, many("--exclude", "GLOB", "Exclude files that match a .gitignore pattern.")],
    stdin_filename: Annotated[
        str | None, option("--stdin-filename", metavar="NAME", help="The file name to report for standard input.")
    ] = None,
    render: Annotated[_Many, many("--render", "DIR", "Render a folder with kustomize or helm, and read the result.")],
    values: Annotated[_Many, many("--values", "FILE", "A values file for rendered charts.")],
    set_values: Annotated[_Many, many("--set", "KEY=VALUE", "A value for rendered charts, as helm takes it.")],
    release: Annotated[
        str | None, option("--release", metavar="NAME", help="The release name of rendered charts. [release-name]")
    ] = None,
    include_crds: Annotated[bool, option("--include-crds", help="Render the CRDs of charts, too.")] = False,
    render_network: Annotated[
        bool, option("--render-network", help="Allow downloads of remote bases and missing charts.")
    ] = False,
    config: Annotated[
        str | None, option("--config", metavar="FILE", help="The configuration file. [the nearest one]")
    ] = None,
    isolated: Annotated[bool, option("--isolated", help="Read no configuration file.")] = False,
) -> None:
    """Declare the options of all commands that read manifests."""


def reads_manifests(
    *, paths: bool = True
) -> Callable[[Callable[Concatenate["ReadOptions", _Own], int]], Callable[..., int]]:
    """Return what gives a command the options by which manifests are read; its first parameter gets them.

    Args:
        paths: whether the command has PATHS as its last argument; otherwise `ReadOptions.paths` is its own business.
    """
    declared = dict(inspect.signature(_declarations).parameters)
    if paths:
        kind = inspect.Parameter.KEYWORD_ONLY
        declared = {"paths": inspect.Parameter("paths", kind, annotation=Paths), **declared}

    def with_options(command: Callable[Concatenate["ReadOptions", _Own], int]) -> Callable[..., int]:
        own = list(inspect.signature(command).parameters.values())[1:]
        arguments = [each for each in own if each.kind is not inspect.Parameter.KEYWORD_ONLY]
        options = [each for each in own if each not in arguments]

        @functools.wraps(command)
        def run(*args: Any, **given: Any) -> int:
            asked = {name: given.pop(name) for name in declared if name in given}
            return command(_read_options(**asked), *args, **given)

        parameters = [*arguments, *declared.values(), *options]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        run.__signature__ = inspect.Signature(parameters, return_annotation=int)  # type: ignore[attr-defined] # Typer reads it
        return run

    return with_options


def _read_options(
    *,
    render: _Many,
    values: _Many,
    set_values: _Many,
    release: str | None,
    include_crds: bool,
    render_network: bool,
    stdin_filename: str | None,
    namespace: str | None,
    **asked: Any,
) -> "ReadOptions":
    from k8snetlint.cli.clusters import ReadOptions  # noqa: PLC0415 - `--help` needs none of what reads manifests
    from k8snetlint.cli.render import rendering_of  # noqa: PLC0415 - as above

    rendering = rendering_of(
        render,
        values=values,
        set_values=set_values,
        release=release,
        namespace=namespace,
        include_crds=include_crds,
        network=render_network,
    )
    asked = {name: tuple(value) if isinstance(value, list) else value for name, value in asked.items()}
    return ReadOptions(namespace=namespace, rendering=rendering, stdin_name=stdin_filename or "<stdin>", **asked)
