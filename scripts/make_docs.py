"""Makes the rules' pages in `docs/rules` and the table in `README.md` from the rules' docstrings.

python scripts/make_docs.py --write    write them, and remove pages of rules that are gone
python scripts/make_docs.py --check    exit 1 if they are not what would be written
"""

from __future__ import annotations

import sys
from pathlib import Path

from k8snetlint.catalog import rule_pages, with_table

ROOT = Path(__file__).resolve().parent.parent


def wanted(root: Path) -> dict[Path, str]:
    """Return the files that are made, and their contents.

    Raises:
        ValueError: README.md has no place for the table.
    """
    files = {root / "docs" / "rules" / name: text for name, text in rule_pages().items()}
    readme = root / "README.md"
    files[readme] = with_table(readme.read_text(encoding="utf-8"))
    return files


def stale(root: Path) -> list[Path]:
    """Return the files that are missing, different, or no longer wanted."""
    files = wanted(root)
    old = [path for path in (root / "docs" / "rules").glob("*.md") if path not in files]
    differ = [path for path, text in files.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return sorted(old + differ)


def write(root: Path) -> list[Path]:
    """Bring all files up to date and return those that changed."""
    files, changed = wanted(root), stale(root)
    (root / "docs" / "rules").mkdir(parents=True, exist_ok=True)
    for path in changed:
        if path in files:
            path.write_text(files[path], encoding="utf-8")
        else:
            path.unlink()
    return changed


def main() -> int:
    """Run from the command line."""
    if sys.argv[1:] not in (["--write"], ["--check"]):
        print(__doc__)
        return 2
    try:
        changed = write(ROOT) if sys.argv[1] == "--write" else stale(ROOT)
    except ValueError as error:
        print(error)
        return 1
    for path in changed:
        print(f"{'written' if sys.argv[1] == '--write' else 'stale'}: {path.relative_to(ROOT)}")
    return 1 if changed and sys.argv[1] == "--check" else 0


if __name__ == "__main__":
    sys.exit(main())
