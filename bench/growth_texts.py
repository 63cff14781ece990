"""Rows about the texts of files, about fixes and suppressions, and about what is judged together."""

from __future__ import annotations

from growth_manifests import SPACE, File, Names, kustomization, misspelt, moved, peer, policy, service, workload
from growth_selectors import app, dangling_pod_selectors, workloads

_DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {plural}.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {{kind: {kind}, plural: {plural}}}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {{type: object, properties: {{size: {{type: integer}}}}}}
"""
BASE_POLICIES, BASE_WORKLOADS, OVERLAYS = 20, 10, 4


def base(word: Names, policies: int) -> list[File]:
    """Return a folder that a kustomization holds: ten workloads, and policies for others."""
    found = [workload(word(number), app(word, number), "") for number in range(BASE_WORKLOADS)]
    found += [policy(word("policy", number), app(word, "other", number), space="") for number in range(policies)]
    files = [moved(file, "base") for file in found]
    return [*files, kustomization("base", [name.rpartition("/")[2] for name, _ in files])]


def overlays(word: Names, count: int) -> list[File]:
    """Return kustomizations that put a base into a namespace each."""
    names = [word("overlay", number) for number in range(count)]
    return [kustomization(f"overlays/{name}", ["../../base"], f"namespace: {name}\n") for name in names]


def overlays_of_a_base(n: int, word: Names) -> list[File]:
    """Return n overlays of a base with 20 policies that select nothing."""
    return base(word, BASE_POLICIES) + overlays(word, n)


def policies_of_a_base(n: int, word: Names) -> list[File]:
    """Return four overlays of a base with n policies that select nothing."""
    return base(word, n) + overlays(word, OVERLAYS)


def unlisted_policies(n: int, word: Names) -> list[File]:
    """Return n kustomizations of a workload, each beside a policy with a typo that it does not list."""
    found = []
    for number in range(n):
        folder, name = word("folder", number), word("app", number)
        found.append(moved(workload(name, {"app": name}), folder))
        found.append(kustomization(folder, [f"{name}.yaml"]))
        found.append(moved(policy(word("policy", number), {"app": misspelt(name)}), folder))
    return found


def diamond(layers: int, word: Names) -> list[File]:
    """Return layers of two kustomizations each, which both hold both of the layer below."""
    found = [moved(file, "layers/a0") for file in workloads(word, 1, "")]
    found += [kustomization("layers/a0", [found[0][0].rpartition("/")[2]]), kustomization("layers/b0", [])]
    for layer in range(1, layers + 1):
        below = [f"../{side}{layer - 1}" for side in "ab"]
        found += [kustomization(f"layers/{side}{layer}", below) for side in "ab"]
    return found


def components(n: int, word: Names) -> list[File]:
    """Return a kustomization with n components, each of which adds a policy."""
    found = [moved(file, "app") for file in workloads(word, 3, "")]
    names = [word("component", number) for number in range(n)]
    listed = "components:\n" + "".join(f"- ../components/{name}\n" for name in names)
    found.append(kustomization("app", [name.rpartition("/")[2] for name, _ in found], listed))
    for number, name in enumerate(names):
        folder = f"components/{name}"
        added = moved(policy(name, app(word, "", number % 3), space=""), folder)
        found += [added, kustomization(folder, [f"{name}.yaml"], component=True)]
    return found


def chain(n: int, word: Names) -> list[File]:
    """Return n kustomizations, each of which holds the one before; the first one holds three workloads."""
    found = [moved(file, "chain/0") for file in workloads(word, 3, "")]
    found.append(kustomization("chain/0", [name.rpartition("/")[2] for name, _ in found]))
    return found + [kustomization(f"chain/{number}", [f"../{number - 1}"]) for number in range(1, n)]


def labels_in_a_chain(n: int, word: Names) -> list[File]:
    """Return n kustomizations, each with a policy for pods of another; the last one adds a label that breaks all."""
    client = app(word, "client")
    found = [moved(workload("client", client), "client")]
    for number in range(n):
        folder, key = f"chain/{number}", "broken" if number == n - 1 else "part"
        allowed = policy(word("policy", number), app(word, ""), peer(client), "")
        says = f"namespace: {SPACE}\nlabels:\n- pairs: {{{key}: a}}\n  includeSelectors: true\n"
        below = [f"../{number - 1}"] if number else []
        found += [moved(allowed, folder), kustomization(folder, [allowed[0].rpartition("/")[2], *below], says)]
    return found


def transformers(n: int, word: Names) -> list[File]:
    """Return n kustomizations, each with a transformer of its own and one that all list."""
    found = [("labels.yaml", transformer("LabelTransformer", "labels: {all: same}", "metadata/labels"))]
    for number in range(n):
        folder, name = f"transformed/{number}", word("shop", number)
        labels = app(word, "", number)
        files = [
            moved(workload(name, labels, space=""), folder),
            moved(policy(name, labels, space=""), f"{folder}/more"),
        ]
        own = transformer("PrefixTransformer", f"prefix: {name}-", "metadata/name")
        resources = [file.removeprefix(f"{folder}/") for file, _ in files]
        listed = "transformers:\n- own.yaml\n- ../../labels.yaml\n"
        found += [*files, (f"{folder}/own.yaml", own), kustomization(folder, resources, listed)]
    return found


def transformer(kind: str, says: str, path: str) -> str:
    """Return a transformer of kustomize's own that changes a field."""
    head = f"apiVersion: builtin\nkind: {kind}\nmetadata: {{name: t}}\n"
    return f"{head}{says}\nfieldSpecs: [{{path: {path}, create: true}}]\n"


def transformers_of_a_kustomization(n: int, word: Names) -> list[File]:
    """Return a kustomization of n workloads that lists n transformers."""
    found = [moved(file, "app") for file in workloads(word, n, "")]
    says = [transformer("LabelTransformer", f"labels: {{l{number}: a}}", "metadata/labels") for number in range(n)]
    found.append(("app/t.yaml", "---\n".join(says)))
    names = [name.removeprefix("app/") for name, _ in found[:-1]]
    return [*found, kustomization("app", names, "transformers: [t.yaml]\n")]


def variants(n: int, word: Names) -> list[File]:
    """Return n folders which define the same objects differently: a workload, a Service and a policy."""
    found = []
    for number in range(n):
        labels, name = app(word, "shop"), word("shop")
        files = [workload(name, labels, image=str(number)), service(name, labels), policy(name, labels)]
        found += [moved(files[place], f"variants/{number}/{kind}") for place, kind in enumerate(("a", "b", "c"))]
    return found


def copies_of_a_file(n: int, word: Names) -> list[File]:
    """Return twelve equal files, more than are kept open, with n workloads and Services each."""
    names = [word("shop", number) for number in range(n)]
    objects = [made(name, app(word, name))[1] for name in names for made in (workload, service)]
    return [(f"copies/{number}/all.yaml", "---\n".join(objects)) for number in range(12)]


def applications(n: int, word: Names) -> list[File]:
    """Return n Argo CD Applications, each with a folder of its own: two workloads, a policy that dangles."""
    found = []
    for number in range(n):
        name = word("application", number)
        source = f"  source:\n    repoURL: https://git.example.com/shop.git\n    path: deploy/{name}\n"
        text = f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {name}\n  namespace: argocd\n"
        text += f"spec:\n  project: default\n{source}  destination:\n    namespace: {name}\n"
        files = [*workloads(word, 2, ""), policy("other", app(word, "other", number), space="")]
        found += [(f"argocd/{name}.yaml", text), *(moved(file, f"deploy/{name}") for file in files)]
    return found


def fixes_in_a_document(n: int, word: Names) -> list[File]:
    """Return a Service with n ports whose targetPort is in quotes; each has a fix."""
    ports = "".join(
        f'  - name: {word(number)}\n    port: {number + 1}\n    targetPort: "8080"\n' for number in range(n)
    )
    return [*workloads(word, 1), service(word(), app(word, SPACE, 0), ports=ports)]


def ids_of_a_comment(n: int, word: Names) -> list[File]:
    """Return a policy with one comment that names n ids."""
    ids = ", ".join(f"netpol-{word(number)}" if number % 2 else "netpol-deny-all" for number in range(n))
    name, text = policy(word(), app(word, SPACE, 0))
    return [*workloads(word, 1), (name, f"# k8snetlint: ignore[{ids}] accepted\n{text}")]


def malformed_comments(n: int, word: Names) -> list[File]:
    """Return a policy with n comments that are written as another linter wants them."""
    name, text = policy(word(), app(word, SPACE, 0))
    return [*workloads(word, 1), (name, n * "# k8snetlint: disable=netpol-deny-all\n" + text)]


def labels_outside_match_labels(n: int, word: Names) -> list[File]:
    """Return a Deployment whose selector has n labels directly."""
    labels = {f"{word(number)}/label": word(number) for number in range(n)}
    name, text = workload(word(), labels)
    return [(name, text.replace("    matchLabels:\n", "", 1))]


def comments_of_a_file(n: int, word: Names) -> list[File]:
    """Return a policy with n peers that misspell a label; each is accepted by a comment on its line."""
    comment = "  # k8snetlint: ignore[netpol-peer-selects-nothing] on purpose\n"
    wrong = {"app": misspelt(word(SPACE, 0))}
    peers = n * peer(pods=wrong).replace("\n", comment)
    return [*workloads(word, 3), policy(word(), app(word, SPACE, 0), peers)]


def comments_above_documents(n: int, word: Names) -> list[File]:
    """Return n workloads, and a file with n policies that misspell their labels, each below a comment."""
    comment = "# k8snetlint: ignore-document[netpol-selects-no-pod] on purpose\n"
    labels = ({"app": misspelt(word(SPACE, number))} for number in range(n))
    texts = [policy(word(number), each)[1] for number, each in enumerate(labels)]
    return [*workloads(word, n), ("policies.yaml", "---\n".join(comment + text for text in texts))]


def duplicate_keys(n: int, word: Names) -> list[File]:
    """Return a workload with n labels, each of them twice."""
    labels = "".join(f"    {word(number)}: enabled\n" for number in range(n))
    name, text = workload(word(), app(word))
    return [(name, text.replace("spec:\n", f"  labels:\n{labels}{labels}spec:\n", 1))]


def one_duplicate_key(n: int, word: Names) -> list[File]:
    """Return a workload with the same label n times."""
    name, text = workload(word(), app(word))
    return [(name, text.replace("spec:\n", "  labels:\n" + n * f"    {word()}: enabled\n" + "spec:\n", 1))]


def duplicate_objects(n: int, word: Names) -> list[File]:
    """Return a file that defines a Service n times."""
    labels = app(word, SPACE, 0)
    return [*workloads(word, 1), ("services.yaml", "---\n".join(n * [service(word(), labels)[1]]))]


def merge_keys(n: int, word: Names) -> list[File]:
    """Return a custom resource with n mappings, each of which merges the one before and overrides a key of it."""
    text = f"apiVersion: example.com/v1\nkind: Settings\nmetadata:\n  name: {word()}\nspec:\n"
    text += "  a0: &m0\n    key: value\n    own: 0\n"
    merged = "".join(
        f"  a{number}: &m{number}\n    <<: *m{number - 1}\n    own: {number}\n" for number in range(1, n + 1)
    )
    return [("settings.yaml", text + merged)]


def custom_resources(n: int, word: Names) -> list[File]:
    """Return n definitions, each in a file, and a file with two resources of each, one of which is not as defined."""
    kinds = [word("kind", number).capitalize() for number in range(n)]
    definitions = [(f"crds/{kind.lower()}.yaml", _DEFINITION.format(kind=kind, plural=kind.lower())) for kind in kinds]
    resources = [
        f"apiVersion: example.com/v1\nkind: {kind}\nmetadata:\n  name: {word(size)}\nspec:\n  size: {size}\n"
        for kind in kinds
        for size in ("1", "large")
    ]
    return [*definitions, ("resources.yaml", "---\n".join(resources))]


def superseding_findings(n: int, word: Names) -> list[File]:
    """Return a policy with n ports in quotes: each is rejected, and a rule explains each."""
    text = policy(word(), app(word, SPACE, 0), ports=tuple(f'"{8000 + number}"' for number in range(n)))
    return [*workloads(word, 1), text]


def documents_of_a_file(n: int, word: Names) -> list[File]:
    """Return one file with n policies that select nothing, and n workloads."""
    return [("all.yaml", "---\n".join(text for _, text in dangling_pod_selectors(n, word)))]


def pasted_documents(n: int, word: Names) -> list[File]:
    """Return a file with n policies whose lines all begin in the first column."""
    return [("notes.yaml", "---\n".join(flattened(text) for _, text in dangling_pod_selectors(n, word)))]


def lines_of_a_pasted_document(n: int, word: Names) -> list[File]:
    """Return a policy with n peers whose lines all begin in the first column."""
    return [(name, flattened(text)) for name, text in peers_of_a_policy(n, word)[-1:]]


def flattened(text: str) -> str:
    """Return a text without the indentation of its lines."""
    return "".join(line.lstrip(" ") for line in text.splitlines(keepends=True))


def peers_of_a_policy(n: int, word: Names) -> list[File]:
    """Return a policy with n peers that select nothing, among ten workloads."""
    peers = "".join(peer(pods=app(word, "other", number)) for number in range(n))
    return [*workloads(word, BASE_WORKLOADS), policy(word(), app(word, SPACE, 0), peers)]
