"""Where the project is found: constants that reports, pages and the package's metadata agree on."""

PROJECT = "https://github.com/k8snetlint/k8snetlint"
SITE = "https://k8snetlint.github.io/k8snetlint/"
"""The documentation; `site_url` of mkdocs.yml."""


def page_url(finding_id: str) -> str:
    """Return the address of an id's page."""
    return f"{SITE}rules/{finding_id}/"
