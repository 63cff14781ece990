"""Rows about Ingresses: their Services and ports, their classes and annotations, their hosts and paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from growth_manifests import SPACE, metadata, misspelt, service
from growth_selectors import app

if TYPE_CHECKING:
    from growth_manifests import File, Names

KIND = "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
NGINX = "nginx.ingress.kubernetes.io"
EXTERNAL = "  type: ExternalName\n  externalName: example.com\n"
REWRITE = (("rewrite-target", "/$2"),)


def annotated(name: str, annotations: tuple[tuple[str, str], ...]) -> str:
    """Return the metadata of an Ingress with annotations of ingress-nginx."""
    written = "".join(f"    {NGINX}/{key}: {value}\n" for key, value in annotations)
    return metadata(name, SPACE) + (f"  annotations:\n{written}" if written else "")


def path(to: str, port: int | str = 80, *, at: str = "/", path_type: str = "Prefix") -> str:
    """Return an entry of `paths`."""
    key = "number" if isinstance(port, int) else "name"
    backend = f"{{service: {{name: {to}, port: {{{key}: {port}}}}}}}"
    return f"      - {{path: '{at}', pathType: {path_type}, backend: {backend}}}\n"


def rule(host: str, *paths: str) -> str:
    """Return an entry of `rules`."""
    return f"  - host: {host}\n    http:\n      paths:\n{''.join(paths)}"


def ingress(
    name: str, *rules: str, class_name: str = "nginx", further: str = "", annotations: tuple[tuple[str, str], ...] = ()
) -> File:
    """Return the file of an Ingress."""
    named = f"  ingressClassName: {class_name}\n" if class_name else ""
    text = f"{KIND}{annotated(name, annotations)}spec:\n{named}{further}  rules:\n{''.join(rules)}"
    return f"ingresses/{name}.yaml", text


def services(n: int, word: Names) -> list[File]:
    """Return n Services."""
    return [service(word(SPACE, number), app(word, SPACE, number)) for number in range(n)]


def misspelt_services(n: int, word: Names) -> list[File]:
    """Return n Services, and an Ingress for each that misspells it."""
    found = services(n, word)
    for number in range(n):
        name = word(SPACE, number)
        found.append(ingress(name, rule(f"{name}.example.com", path(misspelt(name)))))
    return found


def dangling_backends(n: int, word: Names) -> list[File]:
    """Return n Services, and an Ingress for each to another one, which does not exist."""
    found = services(n, word)
    for number in range(n):
        name = word(SPACE, number)
        found.append(ingress(name, rule(f"{name}.example.com", path(name), path(word("absent", number), at="/a"))))
    return found


def wrong_ports(n: int, word: Names) -> list[File]:
    """Return n Services, and an Ingress for each with a wrong number and a misspelt name of a port."""
    found = services(n, word)
    for number in range(n):
        name = word(SPACE, number)
        paths = path(name, 8080), path(name, "metircs", at="/metrics")
        found.append(ingress(name, rule(f"{name}.example.com", *paths)))
    return found


def external_names(n: int, word: Names) -> list[File]:
    """Return n Services of type ExternalName, and an Ingress for each."""
    found = []
    for file, text in services(n, word):
        found.append((file, text.replace("spec:\n", f"spec:\n{EXTERNAL}")))
    for number in range(n):
        name = word(SPACE, number)
        found.append(ingress(name, rule(f"{name}.example.com", path(name)), class_name="alb"))
    return found


def misspelt_classes(n: int, word: Names) -> list[File]:
    """Return n IngressClasses, an Ingress for each that misspells it, and one without a class."""
    found = []
    for number in range(n):
        name = word(SPACE, number)
        head = f"apiVersion: networking.k8s.io/v1\nkind: IngressClass\n{metadata(name, '')}"
        found.append((f"classes/{name}.yaml", f"{head}spec:\n  controller: k8s.io/ingress-nginx\n"))
        host = f"{name}.example.com"
        found.append(ingress(name, rule(host, path(name)), class_name=misspelt(name)))
        found.append(ingress(word("bare", number), rule(f"bare.{host}", path(name)), class_name=""))
    return found


def default_classes(n: int, word: Names) -> list[File]:
    """Return one file of n IngressClasses that are all the default."""
    found = []
    for number in range(n):
        head = f"apiVersion: networking.k8s.io/v1\nkind: IngressClass\n{metadata(word(number), '')}"
        default = '  annotations:\n    ingressclass.kubernetes.io/is-default-class: "true"\n'
        found.append(f"{head}{default}spec:\n  controller: example.com/{word(number)}\n")
    return [("classes.yaml", "---\n".join(found))]


def paths_of_a_host(n: int, word: Names) -> list[File]:
    """Return n Ingresses of one host, every other one with a rewrite that has no groups and wrong pathTypes."""
    found = []
    for number in range(n):
        name = word(SPACE, number)
        paths = path(name, at=f"/{name}", path_type="Exact"), path(name, at=f"/{name}/(.*)", path_type="Prefix")
        annotations = REWRITE if number % 2 else ()
        found.append(ingress(name, rule("www.example.com", *paths), annotations=annotations))
    return found


def literal_expressions(n: int, word: Names) -> list[File]:
    """Return n Ingresses of one host with regular expressions that nothing enables, and one that rewrites a path."""
    found = []
    for number in range(n):
        name = word(SPACE, number)
        paths = path(name, at=f"/{name}/.*", path_type="ImplementationSpecific")
        found.append(ingress(name, rule("www.example.com", paths)))
    constant = rule("other.example.com", *(path(word(SPACE, number), at=f"/{number}") for number in range(n)))
    return [*found, ingress("constant", constant, annotations=(("rewrite-target", "/"),))]


def same_paths(n: int, word: Names) -> list[File]:
    """Return n Ingresses with the same path of the same host."""
    names = [word(SPACE, number) for number in range(n)]
    return [ingress(name, rule("www.example.com", path(name))) for name in names]


def unknown_annotations(n: int, word: Names) -> list[File]:
    """Return an Ingress with n unknown annotations and snippets, and one for another controller."""
    written = tuple((f"proxy-{word(number)}", "a") for number in range(n))
    rules = rule("www.example.com", path("web"))
    first = ingress("first", rules, annotations=(*written, ("server-snippet", "a")))
    second = ingress("second", rules.replace("www", "second"), annotations=written, class_name="alb")
    return [first, second]


def hosts(n: int, word: Names) -> list[File]:
    """Return an Ingress with n hosts, each of which is misspelt for its certificate, and n without paths."""
    names = [word(number) for number in range(n)]
    certificates = "".join(f"  - hosts: [{misspelt(name)}.example.com]\n" for name in names)
    rules = [rule(f"{name}.example.com", path("web")) for name in names]
    bare = [f"  - host: {name}.example.org\n" for name in names]
    return [ingress("web", *rules, *bare, further=f"  tls:\n{certificates}")]


def secrets(n: int, word: Names) -> list[File]:
    """Return n Secrets without a certificate in one file, an Ingress for each, and one that misspells it."""
    found, texts = [], []
    for number in range(n):
        name = word(SPACE, number)
        texts.append(f"apiVersion: v1\nkind: Secret\n{metadata(name, SPACE)}data:\n  cert.pem: YQ==\n")
        for secret, host in ((name, f"{name}.example.com"), (misspelt(name), f"{name}.example.org")):
            further = f"  tls:\n  - secretName: {secret}\n"
            found.append(ingress(word(host), rule(host, path(name)), further=further))
    return [("secrets.yaml", "---\n".join(texts)), *found]
