"""Which resources are checked together: kustomizations and what they change, variants, Argo CD and Flux, the rest."""
