"""`python -m k8snetlint`."""

from __future__ import annotations

import os
import sys

# `-m` lets the working directory come first: a `typer.py` among the manifests would be imported.
if sys.path[:1] == [os.getcwd()]:  # noqa: PTH109 - pathlib is not needed for a comparison
    del sys.path[0]

from k8snetlint.cli import main

if __name__ == "__main__":
    main()
