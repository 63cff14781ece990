"""The command `check` and its options.

Annotations are evaluated here once: as strings, Typer would evaluate each of them twice at every start.
"""

from typing import Annotated

import typer

from k8snetlint.cli.app import app, fact, many, option
from k8snetlint.cli.help import Command
from k8snetlint.cli.options import Level
from k8snetlint.cli.output import Color
from k8snetlint.model.environment import SUPPORTED
from k8snetlint.report.style import Format

Many = list[str]


@app.command(cls=Command)
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
        Many, many("--extend-select", "ID", "Report these ids or groups, too.", envvar="K8SNETLINT_EXTEND_SELECT")
    ],
    ignore: Annotated[Many, many("--ignore", "ID", "Do not report these ids or groups.", envvar="K8SNETLINT_IGNORE")],
    severity: Annotated[
        Many,
        many(
            "--severity", "ID=LEVEL", "Set the level of an id: error, warning, info, off.", envvar="K8SNETLINT_SEVERITY"
        ),
    ],
    fail_on: Annotated[
        Level | None,
        option(
            "--fail-on",
            help="Exit with 1 if a finding has this level or a higher one. [warning]",
            envvar="K8SNETLINT_FAIL_ON",
        ),
    ] = None,
    show: Annotated[
        Level | None,
        option(
            "--show",
            help="Show findings of this level and above; count the others. [warning]",
            envvar="K8SNETLINT_SHOW",
        ),
    ] = None,
    formats: Annotated[
        Many,
        option(
            *("-f", "--format"),
            metavar="FORMAT[:FILE]",
            help=f"Report format, and the file to write it to; repeatable: {', '.join(Format)}. [full]",
            default_factory=list,
            envvar="K8SNETLINT_FORMAT",
        ),
    ],
    output: Annotated[
        str | None,
        option("-o", "--output", metavar="FILE", help="Write the report to a file, not to standard output."),
    ] = None,
    statistics: Annotated[bool, option("--statistics", help="Show only the number of findings for each id.")] = False,
    kubernetes_version: Annotated[
        Many,
        many(
            *(
                "--kubernetes-version",
                "VERSION",
                f"Kubernetes versions to check for, separated by commas: {SUPPORTED}. [newest]",
            ),
            envvar="K8SNETLINT_KUBERNETES_VERSION",
        ),
    ],
    namespace: Annotated[
        str | None,
        fact("--namespace", "NAME", "The namespace of objects without one, and of charts."),
    ] = None,
    node_port_range: Annotated[
        str | None,
        fact("--node-port-range", "RANGE", "The node port range of the cluster. [30000-32767]"),
    ] = None,
    service_cidr: Annotated[
        Many,
        many(
            *("--service-cidr", "CIDR", "The Service CIDRs of the cluster, separated by commas."),
            envvar="K8SNETLINT_SERVICE_CIDR",
        ),
    ],
    ip_family: Annotated[
        Many,
        many(
            *("--ip-family", "FAMILY", "The IP families of the cluster: IPv4, IPv6, or both, separated by a comma."),
            envvar="K8SNETLINT_IP_FAMILY",
        ),
    ],
    cni: Annotated[
        str | None,
        fact("--cni", "NAME[@VERSION]", "The CNI plugin of the cluster, for example calico, or cilium@1.17."),
    ] = None,
    pod_cidr: Annotated[
        Many,
        many(
            *("--pod-cidr", "CIDR", "The CIDRs of the cluster's pods, separated by commas."),
            envvar="K8SNETLINT_POD_CIDR",
        ),
    ],
    cluster_domain: Annotated[
        str | None,
        fact("--cluster-domain", "DOMAIN", "The DNS domain of the cluster. [cluster.local]"),
    ] = None,
    whole_cluster: Annotated[
        bool,
        option(
            "--whole-cluster",
            help="The manifests are complete: nothing else is in the cluster.",
            envvar="K8SNETLINT_WHOLE_CLUSTER",
        ),
    ] = False,
    context: Annotated[Many, many("--context", "PATH", "More manifests of the same cluster: read, but not checked.")],
    schema_dir: Annotated[
        Many,
        many("--schema-dir", "DIR", "A folder with CustomResourceDefinitions or JSON Schemas of custom resources."),
    ],
    exclude: Annotated[Many, many("--exclude", "GLOB", "Exclude files that match a .gitignore pattern.")],
    force_exclude: Annotated[bool, option("--force-exclude", help="Exclude also files named in PATHS.")] = False,
    stdin_filename: Annotated[
        str | None, option("--stdin-filename", metavar="NAME", help="The file name to report for standard input.")
    ] = None,
    fix: Annotated[bool, option("--fix", help="Apply safe fixes.")] = False,
    diff: Annotated[bool, option("--diff", help="Show what --fix would change; write nothing.")] = False,
    unsafe_fixes: Annotated[
        bool, option("--unsafe-fixes", help="Apply or show also fixes that change what a manifest means.")
    ] = False,
    changed: Annotated[
        str | None,
        option(
            "--changed",
            metavar="[=REF]",
            help="Report only what a change touches or breaks: staged files against HEAD, or files against REF.",
        ),
    ] = None,
    baseline: Annotated[
        str | None, option("--baseline", metavar="FILE", help="Do not report findings listed in a baseline file.")
    ] = None,
    write_baseline: Annotated[
        str | None, option("--write-baseline", metavar="FILE", help="Write all current findings to a baseline file.")
    ] = None,
    force: Annotated[bool, option("--force", help="Allow --write-baseline in CI.")] = False,
    add_ignore: Annotated[
        str | None,
        option("--add-ignore", metavar="[=REASON]", help="Add an ignore comment to each finding that is shown."),
    ] = None,
    no_suppressions: Annotated[
        bool, option("--no-suppressions", help="Report also findings that comments and annotations suppress.")
    ] = False,
    trust: Annotated[
        str | None,
        option(
            "--trust",
            metavar="REF",
            help="Take configuration, baseline and suppressions from a git revision, for untrusted changes.",
        ),
    ] = None,
    server_exact: Annotated[
        bool,
        option("--server-exact", help="Report only what the API server says about each object, in its exact words."),
    ] = False,
    render: Annotated[Many, many("--render", "DIR", "Render a folder with kustomize or helm, and check the result.")],
    values: Annotated[Many, many("--values", "FILE", "A values file for rendered charts.")],
    set_values: Annotated[Many, many("--set", "KEY=VALUE", "A value for rendered charts, as helm takes it.")],
    release: Annotated[
        str | None, option("--release", metavar="NAME", help="The release name of rendered charts. [release-name]")
    ] = None,
    include_crds: Annotated[bool, option("--include-crds", help="Render the CRDs of charts, too.")] = False,
    render_network: Annotated[
        bool, option("--render-network", help="Allow downloads of remote bases and missing charts.")
    ] = False,
    exit_zero: Annotated[bool, option("--exit-zero", help="Exit with 0 even if there are findings.")] = False,
    fail_on_skipped: Annotated[
        bool,
        option(
            "--fail-on-skipped",
            help="Exit with 1 if a template was not checked.",
            envvar="K8SNETLINT_FAIL_ON_SKIPPED",
        ),
    ] = False,
    allow_empty: Annotated[bool, option("--allow-empty", help="Exit with 0 if no Kubernetes object is found.")] = False,
    config: Annotated[
        str | None, option("--config", metavar="FILE", help="The configuration file. [the nearest one]")
    ] = None,
    isolated: Annotated[bool, option("--isolated", help="Read no configuration file.")] = False,
    show_files: Annotated[bool, option("--show-files", help="List the files that would be checked.")] = False,
    show_settings: Annotated[
        bool, option("--show-settings", help="Show all settings and where they come from.")
    ] = False,
    color: Annotated[Color, option("--color", help="When to use colours. [auto]")] = Color.AUTO,
    quiet: Annotated[bool, option("-q", "--quiet", help="Print findings only.")] = False,
    verbose: Annotated[bool, option("-v", "--verbose", help="List also what was not checked, and why.")] = False,
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
        cni=cni,
        pod_cidr=pod_cidr,
        cluster_domain=cluster_domain,
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
    if render or values or set_values or release or include_crds or render_network:
        from k8snetlint.cli.render import rendering_of  # noqa: PLC0415 - few runs render

        rendering = rendering_of(
            render,
            values=values,
            set_values=set_values,
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
