"""Rows about host names and the cluster's DNS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from growth_manifests import SPACE, metadata, misspelt, namespace, service, workload

if TYPE_CHECKING:
    from growth_manifests import File, Names

PORTS = "  - port: 80\n    targetPort: 8080\n"


def config(name: str, urls: list[str], space: str = SPACE) -> File:
    """Return the file of a ConfigMap with an URL for each key."""
    data = "".join(f"  URL_{number}: {url}\n" for number, url in enumerate(urls))
    return f"config/{space}/{name}.yaml", f"apiVersion: v1\nkind: ConfigMap\n{metadata(name, space)}data:\n{data}"


def _services(n: int, word: Names, space: str = SPACE) -> list[File]:
    labels = {"app": word("app")}
    return [service(word("service", number), labels, space, ports=PORTS) for number in range(n)]


def misspelt_names(n: int, word: Names) -> list[File]:
    """Return n Services, and n ConfigMaps with a misspelt name each."""
    names = [misspelt(word("service", number)) for number in range(n)]
    return [*_services(n, word), *(config(each, [f"http://{each}.{SPACE}.svc"]) for each in names)]


def unknown_names(n: int, word: Names) -> list[File]:
    """Return n Services, and n ConfigMaps with a name each that nobody has."""
    names = [word("unknown", number) for number in range(n)]
    return [*_services(n, word), *(config(each, [f"http://{each}.{SPACE}.svc"]) for each in names)]


def names_beside_others(n: int, word: Names) -> list[File]:
    """Return n Services, and n ConfigMaps with a name that resolves and one that nobody has."""
    pairs = [(word("service", number), word("unknown", number)) for number in range(n)]
    return [*_services(n, word), *(config(one, [f"http://{one}", f"http://{each}"]) for one, each in pairs)]


def misspelt_short_names(n: int, word: Names) -> list[File]:
    """Return n Services, and n ConfigMaps with a name that has one letter more in a short part."""
    names = [(word("service", number), word("part", number, letters=4)) for number in range(n)]
    found = [service(f"{one}-{part}", {"app": "web"}, ports=PORTS) for one, part in names]
    urls = [(one, f"http://{one}-{part[:2]}{part[1:]}.{SPACE}.svc") for one, part in names]
    return [*found, *(config(one, [url]) for one, url in urls)]


def words_of_a_file(n: int, word: Names) -> list[File]:
    """Return n Services, and a ConfigMap with one text of a misspelt name and port of each, beside other words."""
    names = [word("service", number) for number in range(n)]
    lines = "".join(f"    server {misspelt(each)}:8080; # image: {each}:2024\n" for each in names)
    text = f"apiVersion: v1\nkind: ConfigMap\n{metadata(word('config'), SPACE)}data:\n  app.conf: |\n    # words\n"
    return [*_services(n, word), ("config.yaml", text + lines)]


def read_without_a_namespace(n: int, word: Names) -> list[File]:
    """Return n Services, and n ConfigMaps without a namespace that workloads of their folders read."""
    found = [*_services(n, word), namespace(word("other"))]
    for number in range(n):
        name = word("config", number)
        path, text = workload(name, {"app": name})
        reads = f"        envFrom:\n        - configMapRef:\n            name: {name}\n        ports:\n"
        found.append((path, text.replace("        ports:\n", reads)))
        _, config_map = config(name, [f"http://{misspelt(word('service', number))}"], "")
        found.append((f"{SPACE}/{name}-config.yaml", config_map))
    return [*found, service(word("other"), {"app": "web"}, word("other"), ports=PORTS)]


def addresses(n: int, word: Names) -> list[File]:
    """Return n Services with an address, and a ConfigMap with these, and with n addresses of pods."""
    ends = [f"{number // 200}.{number % 200 + 20}" for number in range(n)]
    found = []
    for end in ends:
        path, text = service(word("service", end), {"app": "web"}, ports=PORTS)
        found.append((path, text.replace("spec:\n", f"spec:\n  clusterIP: 10.255.{end}\n")))
    urls = [f"http://10.{net}.{end}" for end in ends for net in (254, 255)]
    return [*found, config(word("config"), urls)]


def misspelt_namespaces(n: int, word: Names) -> list[File]:
    """Return n namespaces with the same Service, and n ConfigMaps with a misspelt namespace each."""
    spaces = [word("space", number) for number in range(n)]
    found = [namespace(each) for each in spaces]
    found += [service("web", {"app": "web"}, each, ports=PORTS) for each in spaces]
    return [*found, *(config(each, [f"http://web.{misspelt(each)}.svc"]) for each in spaces)]


def names_in_namespaces(n: int, word: Names) -> list[File]:
    """Return n namespaces with a Service each, and n ConfigMaps that use one of another namespace by its name alone."""
    spaces = [word("space", number) for number in range(n)]
    found = [service(word("service", number), {"app": "web"}, each, ports=PORTS) for number, each in enumerate(spaces)]
    urls = [f"http://{word('service', (number + 1) % n)}" for number in range(n)]
    return [*found, *(config(each, [url], each) for each, url in zip(spaces, urls, strict=True))]


def swapped_names(n: int, word: Names) -> list[File]:
    """Return n Services, and n ConfigMaps with service and namespace exchanged."""
    names = [word("service", number) for number in range(n)]
    return [*_services(n, word), *(config(each, [f"http://{SPACE}.{each}.svc"]) for each in names)]


def wrong_ports(n: int, word: Names) -> list[File]:
    """Return n Services, and one ConfigMap that uses the target port of each."""
    urls = [f"http://{word('service', number)}.{SPACE}.svc:8080" for number in range(n)]
    return [*_services(n, word), config(word("config"), urls)]


def lines_of_a_file(n: int, word: Names) -> list[File]:
    """Return a ConfigMap with one text of n URLs with a wrong port."""
    lines = "".join(f"    {number} http://{word('service')}.{SPACE}.svc:8080/\n" for number in range(n))
    text = (
        f"apiVersion: v1\nkind: ConfigMap\n{metadata(word('config'), SPACE)}data:\n  app.conf: |\n    # URLs\n{lines}"
    )
    other = config(word("other"), [f"http://{word('service')}:8080"])
    return [service(word("service"), {"app": "web"}, ports=PORTS), ("config.yaml", text), other]


def pods_of_stateful_sets(n: int, word: Names) -> list[File]:
    """Return n StatefulSets with their Services, and n ConfigMaps that name a pod which none of them has."""
    found: list[File] = []
    for number in range(n):
        name = word("set", number)
        found.append(workload(name, {"app": name}, service=name))
        found.append(service(name, {"app": name}, headless=True))
        found.append(config(name, [f"http://{name}-7.{name}.{SPACE}.svc"]))
    return found


def odd_names(n: int, word: Names) -> list[File]:
    """Return a ConfigMap with n names of pods by address, n illegal names, and n names of another domain."""
    urls = [f"http://10-1-2-3.{word(number)}.pod.cluster.local" for number in range(n)]
    urls += [f"http://a_{word(number)}.{SPACE}.svc" for number in range(n)]
    urls += [f"http://{word(number)}.{SPACE}.svc.cluster.locl" for number in range(n)]
    return [config(word("config"), urls)]


def pods_that_resolve_like_nodes(n: int, word: Names) -> list[File]:
    """Return n workloads on the host network and n with the policy `Default`, all with a name of the cluster."""
    found: list[File] = []
    for number in range(2 * n):
        name = word("agent", number)
        path, text = workload(name, {"app": name})
        policy = "hostNetwork: true" if number % 2 else "dnsPolicy: Default"
        text = text.replace("    spec:\n", f"    spec:\n      {policy}\n      subdomain: {misspelt(name)}\n")
        command = "        command: [push, http://web.prod.svc]\n"
        found.append((path, text.replace("        ports:\n", f"{command}        ports:\n")))
        found.append(service(name, {"app": name}, headless=True))
    return found


def blocks_of_a_corefile(n: int, word: Names) -> list[File]:
    """Return a Corefile with n server blocks that forward to themselves, and the Service of the DNS."""
    block = "    {zone}:53 {{\n        cahce 30\n        forward . 127.0.0.1\n    }}\n"
    blocks = "".join(block.format(zone=word(number)) for number in range(n)) + block.format(zone=".")
    text = f"apiVersion: v1\nkind: ConfigMap\n{metadata('coredns', 'kube-system')}data:\n  Corefile: |\n{blocks}"
    return [("coredns.yaml", text), service("kube-dns", {"k8s-app": "kube-dns"}, "kube-system", ports=PORTS)]
