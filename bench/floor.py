"""The floor: libyaml alone parses the texts of a tree, and its events are thrown away.

    python -I floor.py DIR

Prints the CPU seconds of one parse of all files, read before, as JSON: the median of three. One parse is so short
that it swings by half with the machine's clock and neighbours; the first is no slower than those after it.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from _ruamel_yaml import CParser  # type: ignore[import-not-found]  # the C extension has no types


def parse(texts: list[str]) -> float:
    """Return the CPU seconds of parsing the texts."""
    begin = time.process_time()
    for text in texts:
        CParser(text).raw_parse()
    return time.process_time() - begin


def main() -> None:
    """Parse every file of the tree."""
    suffixes = {".yaml", ".yml", ".json"}
    paths = [path for path in sorted(Path(sys.argv[1]).rglob("*")) if path.suffix in suffixes]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    print(json.dumps({"parse_cpu": statistics.median(parse(texts) for _ in range(3)), "files": len(texts)}))


if __name__ == "__main__":
    main()
