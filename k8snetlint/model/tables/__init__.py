"""Facts about software that is not in the manifests; each row has its source."""
