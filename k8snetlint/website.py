"""Where the project is found: constants that reports, pages and the package's metadata agree on."""

from k8snetlint.version import RELEASED, VERSION

PROJECT = "https://github.com/k8snetlint/k8snetlint"
SITE = "https://k8snetlint.github.io/k8snetlint/"
"""The documentation; `site_url` of mkdocs.yml."""

REVISION = f"v{VERSION}" if RELEASED else "COMMIT"
"""What users pin: a tag, or a placeholder for the full hash of a commit."""
REQUIREMENT = f"k8snetlint=={VERSION}" if RELEASED else f"git+{PROJECT}@{REVISION}"
"""What pip installs."""
PLACEHOLDER = "" if RELEASED else "replace COMMIT by the full hash of a commit of k8snetlint: it is not released yet"
"""What users have to know about them."""


def page_url(finding_id: str) -> str:
    """Return the address of an id's page."""
    return f"{SITE}rules/{finding_id}/"
