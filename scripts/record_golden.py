"""Records what the API server says of the golden documents, into files beside them.

python scripts/record_golden.py [NAMES...]    needs K8SNETLINT_ORACLE, see bench/oracle.py

A golden file `NAME.yaml` may begin with `# oracle: OPTIONS` for the program; what it says goes to `NAME.jsonl`.
`spellings.jsonl` has texts with their names, each on a line, and gets field and type of what is said of each object.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from oracle import ask, oracle

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


def record_spellings(path: Path) -> int:
    """Record what is said of the texts in a file, into the same file, and return their number."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    answers = ask([row["text"] for row in rows])
    lines = [
        json.dumps({"name": row["name"], "text": row["text"], "said": [sorted(each.causes) for each in said]}) + "\n"
        for row, said in zip(rows, answers, strict=True)
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return len(rows)


def main() -> int:
    """Run from the command line."""
    if not sys.argv[1:] or "spellings" in sys.argv[1:]:
        print(f"spellings: {record_spellings(GOLDEN / 'spellings.jsonl')}")
    for path in sorted(GOLDEN.glob("*.yaml")):
        if not sys.argv[1:] or path.stem in sys.argv[1:]:
            print(f"{path.stem}: {record(path)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
