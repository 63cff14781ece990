"""Records what the API server says of the golden documents, into files beside them.

python scripts/record_golden.py [NAMES...]    needs K8SNETLINT_ORACLE, see bench/oracle.py

A golden file `NAME.yaml` may begin with `# oracle: OPTIONS` for the program; what it says goes to `NAME.jsonl`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from oracle import oracle

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "validation" / "golden"


def record(path: Path) -> int:
    """Record one file and return the number of its objects."""
    program = oracle()
    if program is None:
        raise SystemExit("K8SNETLINT_ORACLE names no program")
    options = re.findall(r"\A# oracle: (.*)", path.read_text(encoding="utf-8"))
    done = subprocess.run(  # noqa: S603 - the program that the user names
        [program, *(options[0].split() if options else ()), str(path)], capture_output=True, check=True, text=True
    )
    asked = [program, "-version"]
    version = subprocess.run(asked, capture_output=True, check=True, text=True)  # noqa: S603 - as above
    kubernetes = version.stdout.split()[-1]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    text = "".join(
        json.dumps(
            {
                "kubernetes": kubernetes,
                "accepted": line["accepted"],
                "errors": [[each["field"], each["type"] or "InternalError", each["detail"]] for each in line["errors"]],
                "warnings": line["warnings"],
            },
            ensure_ascii=False,
        )
        + "\n"
        for line in lines
    )
    path.with_suffix(".jsonl").write_text(text, encoding="utf-8")
    return len(lines)


def main() -> int:
    """Run from the command line."""
    for path in sorted(GOLDEN.glob("*.yaml")):
        if not sys.argv[1:] or path.stem in sys.argv[1:]:
            print(f"{path.stem}: {record(path)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
