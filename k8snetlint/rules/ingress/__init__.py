"""Rules about Ingresses and IngressClasses."""

KINDS = frozenset({"Ingress", "IngressClass"})
