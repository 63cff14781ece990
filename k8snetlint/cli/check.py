"""The command `check` and its options.

Annotations are evaluated here once: as strings, Typer would evaluate each of them twice at every start.
"""

from typing import Annotated

import typer

from k8snetlint.cli.app import app, many, option
from k8snetlint.cli.options import Level
from k8snetlint.cli.output import Color

Many = list[str]


@app.command()
def check(
    asked: typer.Context,
    *,
    paths: Annotated[
        Many,
        typer.Argument(
            metavar="[PATHS]...",
            show_default=False,
            default_factory=list,
            help="Files and folders; `-` is standard input. Without any: the working directory.",
        ),
    ],
    select: Annotated[
        Many, many("--select", "ID", "Report only these ids, groups, or ALL.", envvar="K8SNETLINT_SELECT")
    ],
    extend_select: Annotated[
        Many, many("--extend-select", "ID", "Report these, too.", envvar="K8SNETLINT_EXTEND_SELECT")
    ],
    ignore: Annotated[Many, many("--ignore", "ID", "Do not report these ids or groups.", envvar="K8SNETLINT_IGNORE")],
    severity: Annotated[
        Many,
        many("--severity", "ID=LEVEL", "Give an id a level: error, warning, info, off.", envvar="K8SNETLINT_SEVERITY"),
    ],
    fail_on: Annotated[
        Level | None,
        option("--fail-on", help="Exit with 1 for findings from this level on. [warning]", envvar="K8SNETLINT_FAIL_ON"),
    ] = None,
    show: Annotated[
        Level | None,
        option("--show", help="Show findings from this level on one by one. [warning]", envvar="K8SNETLINT_SHOW"),
    ] = None,
    formats: Annotated[
        Many,
        option(
            *("-f", "--format"),
            metavar="FORMAT[:FILE]",
            help="How to report, and where to; repeatable. [full]",
            default_factory=list,
            envvar="K8SNETLINT_FORMAT",
        ),
    ],
    output: Annotated[str | None, option("-o", "--output", metavar="FILE", help="Write the report to a file.")] = None,
    statistics: Annotated[bool, option("--statistics", help="Count findings for each id instead.")] = False,
    kubernetes_version: Annotated[
        Many,
        many(
            *("--kubernetes-version", "VERSION", "What the manifests are for; several with commas. [newest]"),
            envvar="K8SNETLINT_KUBERNETES_VERSION",
        ),
    ],
    namespace: Annotated[
        str | None,
        option(
            "--namespace",
            metavar="NAME",
            help="The namespace of objects that name none, and charts.",
            envvar="K8SNETLINT_NAMESPACE",
        ),
    ] = None,
    node_port_range: Annotated[
        str | None,
        option(
            "--node-port-range",
            metavar="RANGE",
            help="The cluster's node ports. [30000-32767]",
            envvar="K8SNETLINT_NODE_PORT_RANGE",
        ),
    ] = None,
    service_cidr: Annotated[
        Many,
        many(
            *("--service-cidr", "CIDR", "The networks of Services' addresses; two with commas."),
            envvar="K8SNETLINT_SERVICE_CIDR",
        ),
    ],
    ip_family: Annotated[
        Many,
        many(
            *("--ip-family", "FAMILY", "The cluster's IP families: IPv4, IPv6, or both with a comma."),
            envvar="K8SNETLINT_IP_FAMILY",
        ),
    ],
    whole_cluster: Annotated[
        bool,
        option(
            "--whole-cluster",
            help="Nothing else is in the cluster than these manifests.",
            envvar="K8SNETLINT_WHOLE_CLUSTER",
        ),
    ] = False,
    context: Annotated[Many, many("--context", "PATH", "Manifests that are there, too, but not to be checked.")],
    schema_dir: Annotated[Many, many("--schema-dir", "DIR", "JSON Schemas of custom resources.")],
    exclude: Annotated[Many, many("--exclude", "GLOB", "Leave out in folders, as a line of a .gitignore does.")],
    force_exclude: Annotated[
        bool, option("--force-exclude", help="Leave out files as well that are named as PATHS.")
    ] = False,
    stdin_filename: Annotated[
        str | None, option("--stdin-filename", metavar="NAME", help="The name of standard input.")
    ] = None,
    fix: Annotated[bool, option("--fix", help="Apply safe fixes.")] = False,
    diff: Annotated[bool, option("--diff", help="Show what --fix would do, and write nothing.")] = False,
    unsafe_fixes: Annotated[
        bool, option("--unsafe-fixes", help="Apply or show fixes as well that change what is meant.")
    ] = False,
    changed: Annotated[
        str | None,
        option(
            "--changed",
            metavar="[=REF]",
            help="Report what a change touches or breaks: the index against HEAD, or the files against REF.",
        ),
    ] = None,
    baseline: Annotated[
        str | None, option("--baseline", metavar="FILE", help="Do not report the findings that a file accepts.")
    ] = None,
    write_baseline: Annotated[
        str | None, option("--write-baseline", metavar="FILE", help="Accept all findings of today in a file.")
    ] = None,
    force: Annotated[bool, option("--force", help="Write a baseline in CI, too.")] = False,
    add_ignore: Annotated[
        str | None,
        option("--add-ignore", metavar="[=REASON]", help="Write a comment that accepts it to each finding shown."),
    ] = None,
    no_suppressions: Annotated[
        bool, option("--no-suppressions", help="Report what comments and annotations accept.")
    ] = False,
    trust: Annotated[
        str | None,
        option(
            "--trust",
            metavar="REF",
            help="Take configuration, baseline and suppressions from a revision, for changes of strangers.",
        ),
    ] = None,
    server_exact: Annotated[
        bool,
        option("--server-exact", help="Say what the API server says of each object alone, and nothing else."),
    ] = False,
    render: Annotated[Many, many("--render", "DIR", "Check what kustomize or helm makes of a folder.")],
    values: Annotated[Many, many("--values", "FILE", "Values for charts that are rendered.")],
    release: Annotated[
        str | None, option("--release", metavar="NAME", help="The release of rendered charts. [release-name]")
    ] = None,
    include_crds: Annotated[bool, option("--include-crds", help="Render the CRDs of charts, too.")] = False,
    render_network: Annotated[
        bool, option("--render-network", help="Let remote bases and missing charts be downloaded.")
    ] = False,
    exit_zero: Annotated[bool, option("--exit-zero", help="Exit with 0 in spite of findings.")] = False,
    fail_on_skipped: Annotated[
        bool,
        option(
            "--fail-on-skipped",
            help="Exit with 1 if a template was not checked.",
            envvar="K8SNETLINT_FAIL_ON_SKIPPED",
        ),
    ] = False,
    allow_empty: Annotated[bool, option("--allow-empty", help="Exit with 0 if there is no Kubernetes object.")] = False,
    config: Annotated[
        str | None, option("--config", metavar="FILE", help="The configuration file. [the nearest one]")
    ] = None,
    isolated: Annotated[bool, option("--isolated", help="Read no configuration file.")] = False,
    show_files: Annotated[bool, option("--show-files", help="List the files that would be checked.")] = False,
    show_settings: Annotated[bool, option("--show-settings", help="Show all settings, and where from.")] = False,
    color: Annotated[Color, option("--color", help="When to use colours. [auto]")] = Color.AUTO,
    quiet: Annotated[bool, option("-q", "--quiet", help="Print findings only.")] = False,
    verbose: Annotated[bool, option("-v", "--verbose", help="List what was not checked, and why.")] = False,
) -> int:
    """Check manifests."""
    from k8snetlint.cli.check_options import CheckOptions, FixOptions, outputs_of  # noqa: PLC0415 - as above
    from k8snetlint.cli.options import settings_of  # noqa: PLC0415 - as above
    from k8snetlint.cli.run_check import run_check  # noqa: PLC0415 - other commands do not need it
    from k8snetlint.cli.settings import CliSettings  # noqa: PLC0415 - as above

    settings = settings_of(
        select=select,
        extend_select=extend_select,
        ignore=ignore,
        severity=severity,
        kubernetes_version=kubernetes_version,
        node_port_range=node_port_range,
        service_cidr=service_cidr,
        ip_family=ip_family,
        namespace=namespace,
        whole_cluster=whole_cluster,
        fail_on=fail_on,
        show=show,
        fail_on_skipped=fail_on_skipped,
    )
    cli_settings = CliSettings(
        settings,
        paths=tuple(paths),
        config=config,
        isolated=isolated,
        exclude=tuple(exclude),
        context=tuple(context),
        schema_dir=tuple(schema_dir),
        force_exclude=force_exclude,
        origins=_origins(asked) if show_settings else {},
    )
    rendering = None
    if render or values or release or include_crds or render_network:
        from k8snetlint.cli.render import rendering_of  # noqa: PLC0415 - few runs render

        rendering = rendering_of(
            render,
            values=values,
            release=release,
            namespace=namespace,
            include_crds=include_crds,
            network=render_network,
        )
    check_options = CheckOptions(
        cli_settings,
        stdin_name=stdin_filename or "<stdin>",
        outputs=outputs_of(formats, output),
        statistics=statistics,
        fix_options=FixOptions(fix, diff, unsafe_fixes),
        changed=changed,
        trust=trust,
        baseline=baseline,
        write_baseline=write_baseline,
        force=force,
        add_ignore=add_ignore,
        suppressions=not no_suppressions,
        server_exact=server_exact,
        rendering=rendering,
        exit_zero=exit_zero,
        allow_empty=allow_empty,
        show_files=show_files,
        show_settings=show_settings,
        color=color,
        quiet=quiet,
        verbose=verbose,
    )
    return run_check(check_options)


def _origins(asked: typer.Context) -> dict[str, str]:
    """Return, for settings by their keys, the option or the variable that tells them."""
    origins = {}
    for each in asked.command.params:
        source = asked.get_parameter_source(each.name or "")
        if source is not None and source.name in ("COMMANDLINE", "ENVIRONMENT"):
            by_variable = source.name == "ENVIRONMENT"
            origins[(each.name or "").replace("_", "-")] = str(each.envvar) if by_variable else each.opts[-1]
    return origins
