"""What there is to say about ids of files, suppressions, and the run itself; the titles are in `codes`."""

from k8snetlint.website import PROJECT

_POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\nspec:\n"
_TYPES = "  policyTypes: [Ingress]\n```\n"

TEXTS = {
    "yaml-syntax": """\
kubectl cannot read the document either, so nothing in it is applied. The message is the parser's; the mistake is often
one line above the place: a missing quote, colon or bracket, a tab, or an indentation that fits no level. The other
documents of the file are checked.

k8snetlint also stops at 200 nested levels, at lines of more than 4 MiB, and where aliases expand to too much.

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web
  ports:  # finding: while parsing a flow mapping, did not find expected ',' or '}'
  - port: 80
```
""",
    "manifest-lost-indentation": """\
It was copied from a page, a chat or a PDF as text, and all lines begin in the first column. To YAML all keys are then
fields of the object itself: `metadata` and `spec` are empty, and kubectl rejects the rest as unknown fields or
duplicate keys. So this one finding takes the place of all others of the document.

The fix indents the lines again. The fields of the kind say which line belongs where; the fix is offered only where
there is one way to read the lines that the API server accepts. A line that could be a label as well as a field
(`namespace` below `labels`, if it is the only one) has two. There is no fix for a manifest with block scalars (`|`,
`>`) either: nothing says where they end.

Only kinds whose fields are known are recognised: NetworkPolicy, Service, Ingress, IngressClass, Namespace, and those
with pods.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
name: db-from-web  # finding: the manifest lost its indentation: `name` of `metadata` is at the top level
namespace: shop
spec:
podSelector:
matchLabels:
app: db
policyTypes:
- Ingress
ingress:
- from:
- podSelector:
matchLabels:
app: web
ports:
- protocol: TCP
port: 5432
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db-from-web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes:
    - Ingress
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: web
      ports:
        - protocol: TCP
          port: 5432
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
```
""",
    "file-unreadable": """\
The message says why: permissions, a broken link, or more than 32 MiB. Findings of other files may be missing, too, if
they depend on what is in it. Correct that, or leave the file out with `--exclude`, or `exclude` in the configuration
file.

More: <site:configuration/>
""",
    "template-skipped": """\
`{{ … }}` and `{% … %}` are for Helm, Jinja and the like; the manifest exists only after rendering. The document is not
checked, and where its objects could matter to others, cross-file checks are limited. Render it:
`k8snetlint check --render DIR` for a chart or a kustomization, or pass the output of your tool
(`helm template … | k8snetlint check -`). `--fail-on-skipped` makes it fail a run.

More: <site:scopes/>

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}  # finding: template not checked: render it first
spec:
  ports:
  - port: 80
```
""",
    "ignore-unknown-rule": f"""\
The comment or annotation hides nothing: the finding that it was written for is still reported. Correct the id;
`k8snetlint rules` lists all of them.

```yaml bad
{_POLICY}  podSelector: {{}}  # k8snetlint: ignore[netpol-deny-al]  # finding: unknown id `netpol-deny-al`, so it has no effect
{_TYPES}""",  # noqa: E501 - a message
    "ignore-malformed": f"""\
The comment hides nothing: it is misspelt, or it is written as another linter wants it (`disable=ID`, `ignore ID`). Ids
stand in brackets.

```yaml bad
{_POLICY}  podSelector: {{}}  # k8snetlint: disable=netpol-deny-all  # finding: `disable` is not a suppression, so it has no effect
{_TYPES}

```yaml good
{_POLICY}  podSelector: {{}}  # k8snetlint: ignore[netpol-deny-all] the default of this namespace
{_TYPES}""",  # noqa: E501 - a message
    "ignore-unused": f"""\
The mistake was corrected, or the comment is on another line than the finding. Remove it (`--fix` does that): otherwise
it hides the next finding of this id, which nobody has reviewed. It is not reported where the rule is not selected, or
needs files that may be missing.

```yaml bad
{_POLICY}  # k8snetlint: ignore[netpol-missing-policy-types]  # finding: the suppression of netpol-missing-policy-types accepts nothing
  podSelector:
    matchLabels:
      app: web
{_TYPES}""",  # noqa: E501 - a message
    "ignore-blanket": f"""\
It also hides findings that nobody has seen yet, those of later rules included. Name the ids that are accepted; the
summary counts them, and `-v` lists them.

```yaml bad
{_POLICY}  podSelector: {{}}  # k8snetlint: ignore  # finding: the suppression names no rule, so it hides every finding
{_TYPES}

```yaml good
{_POLICY}  podSelector: {{}}  # k8snetlint: ignore[netpol-deny-all] the default of this namespace
{_TYPES}""",
    "pr-adds-suppression": """\
With `--trust REF`, suppressions count only if the revision `REF` has them, so that whoever opens a pull request cannot
hide its findings. The finding that the new comment is about is reported as well. A reviewer decides: after the merge
the suppression is part of the base, and counts.

More: <site:ci/#changes-of-strangers>
""",
    "pr-changes-config": """\
With `--trust REF`, files that decide about findings, the configuration and the baseline for example, are read from the
revision `REF`, so that whoever opens a pull request cannot turn rules off for it. This run used the version of `REF`.
Review the change of that file by itself; after the merge it counts.

More: <site:ci/#changes-of-strangers>
""",
    "internal-error": f"""\
The rule that the message names did not finish for this object, so findings may be missing; all other rules and objects
were checked. The exit code is 4. The manifest may be correct. Report it at <{PROJECT}/issues> with the message and the
object, secrets removed. Until it is corrected, `--ignore` with the id of that rule leaves it out.
""",
}
