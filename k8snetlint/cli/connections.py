"""The command `connections` and its options; see `check` about annotations."""

import enum
from typing import TYPE_CHECKING, Annotated

from k8snetlint.cli.app import app, many, option
from k8snetlint.cli.help import Command
from k8snetlint.cli.reading_options import AllowEmpty, OutputFile, reads_manifests
from k8snetlint.report.connections.answer import ConnectionsFormat

if TYPE_CHECKING:
    from k8snetlint.cli.clusters import ReadOptions


class DirectionName(enum.StrEnum):
    """A direction as an option's value."""

    INGRESS = "ingress"
    EGRESS = "egress"


@app.command(cls=Command)
@reads_manifests()
def connections(
    reading: "ReadOptions",
    *,
    output_format: Annotated[
        ConnectionsFormat, option("-f", "--format", help="Output format. [text]")
    ] = ConnectionsFormat.TEXT,
    output: OutputFile = None,
    focus: Annotated[
        list[str],
        many(
            "--focus", "PEER", "Only connections of these peers: namespace/name, an address, internet, …; repeatable."
        ),
    ],
    direction: Annotated[
        DirectionName | None,
        option("--direction", help="Only connections to workloads, or to the focus (ingress), or from them."),
    ] = None,
    port: Annotated[
        str | None,
        option("--port", metavar="PORT[/PROTOCOL]", help="Only connections on this port, for example 53/UDP."),
    ] = None,
    exposure: Annotated[
        bool, option("--exposure", help="What is open to the internet, to other namespaces, to any pod, not isolated.")
    ] = False,
    expand: Annotated[bool, option("--expand", help="List pairs of peers, not groups that behave alike.")] = False,
    to_itself: Annotated[
        bool, option("--self", help="List also connections between the pods of one workload.")
    ] = False,
    allow_empty: AllowEmpty = False,
) -> int:
    """List what may talk to what, as the NetworkPolicies allow it."""
    from k8snetlint.cli.list_connections import ListOptions, list_connections  # noqa: PLC0415 - not for `--help`

    asked = ListOptions(
        output_format,
        output,
        tuple(focus),
        direction.value if direction else None,
        port,
        exposure=exposure,
        expand=expand,
        to_itself=to_itself,
        allow_empty=allow_empty,
    )
    return list_connections(reading, asked)
