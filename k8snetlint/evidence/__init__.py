"""Questions about a scope, and their answers: something matches, nothing does, or the manifests do not tell."""
