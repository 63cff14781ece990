"""The floor: libyaml alone parses the texts of a tree, and its events are thrown away.

    python -I floor.py DIR

Prints the CPU seconds of the parse, the files having been read before, as JSON.
"""

import json
import sys
import time
from pathlib import Path

from _ruamel_yaml import CParser  # type: ignore[import-not-found]  # the C extension has no types


def main() -> None:
    """Parse every file of the tree."""
    suffixes = {".yaml", ".yml", ".json"}
    paths = [path for path in sorted(Path(sys.argv[1]).rglob("*")) if path.suffix in suffixes]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    begin = time.process_time()
    for text in texts:
        CParser(text).raw_parse()
    print(json.dumps({"parse_cpu": time.process_time() - begin, "files": len(texts)}))


if __name__ == "__main__":
    main()
