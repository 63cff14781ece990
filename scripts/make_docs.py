"""Makes what is made from the code: pages of ids, tables, the server's checks, hooks, the schema of settings.

python scripts/make_docs.py --write    write them, and remove pages of ids that are gone
python scripts/make_docs.py --check    exit 1 if they are not what would be written
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import api_checks
import doc_commands
import doc_tables

from k8snetlint.cli.options import known_ids
from k8snetlint.configfile.schema import schema
from k8snetlint.pages.index import pages, with_table

ROOT = Path(__file__).resolve().parent.parent


def wanted(root: Path) -> dict[Path, str]:
    """Return the files that are made, and their contents.

    Raises:
        ValueError: a file has no place for its table.
    """
    docs = root / "docs"
    readme = root / "README.md"
    files = {docs / "rules" / name: text for name, text in pages().items()}
    files[readme] = doc_commands.with_output(
        doc_tables.with_tables(with_table(readme.read_text(encoding="utf-8")), others=("rules",)), root
    )
    files |= {path: _page(path.read_text(encoding="utf-8"), root) for path in sorted(docs.glob("*.md"))}
    files[docs / "options.md"] = doc_tables.options_page()
    files[docs / "api-server-checks.md"] = api_checks.page()
    files[root / ".pre-commit-hooks.yaml"] = doc_tables.hooks_file()
    files[root / "schemas" / "config.json"] = json.dumps(schema(known_ids()), indent=2, ensure_ascii=False) + "\n"
    return files


def _page(text: str, root: Path) -> str:
    """Return a page whose tables, and what commands print in it, are up to date."""
    return doc_commands.with_output(doc_tables.with_tables(text), root)


def stale(root: Path) -> list[Path]:
    """Return the files that are missing, different, or no longer wanted."""
    return _differing(root, wanted(root))


def _differing(root: Path, files: dict[Path, str]) -> list[Path]:
    old = [path for path in (root / "docs" / "rules").glob("*.md") if path not in files]
    differ = [path for path, text in files.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return sorted(old + differ)


def write(root: Path) -> list[Path]:
    """Bring all files up to date and return those that changed."""
    files = wanted(root)
    changed = _differing(root, files)
    for path in changed:
        if path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
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
