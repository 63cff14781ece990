"""What there is to say about ids of the API server's answers; the titles are in `codes`."""

_SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n"

TEXTS = {
    "api-required": f"""\
`kubectl apply` fails for this object, and nothing of it is stored; the other objects of the file are applied. The
message names the field. Add it.

All checks: <site:api-server-checks/>

```yaml bad
{_SERVICE}  selector:
    app: web
  ports: []  # finding: spec.ports: Required value
```
""",
    "api-invalid": f"""\
`kubectl apply` fails for this object, and nothing of it is stored; the other objects of the file are applied. The
message is the API server's own: the field, its value, and what is allowed. Write a value that is allowed.

All checks: <site:api-server-checks/>

```yaml bad
{_SERVICE}  ports:
  - port: 80800  # finding: spec.ports[0].port: Invalid value: 80800: must be between 1 and 65535, inclusive
```
""",
    "api-not-found": """\
A name refers to something that the object itself has to define, and does not: a `volumeMounts` entry names a volume
that is not in `volumes`. `kubectl apply` fails for this object, and nothing of it is stored. Correct the name, or add
what it names.

All checks: <site:api-server-checks/>

```yaml bad
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: nginx:1.29
    volumeMounts:
    - name: config  # finding: spec.containers[0].volumeMounts[0].name: Not found: "config"
      mountPath: /etc/web
```
""",
    "api-not-supported": f"""\
`kubectl apply` fails for this object, and nothing of it is stored. The message lists the values that are supported;
upper and lower case count.

All checks: <site:api-server-checks/>

```yaml bad
{_SERVICE}  sessionAffinity: Client  # finding: spec.sessionAffinity: Unsupported value: "Client": supported values: "ClientIP", "None"
  ports:
  - name: dns
    port: 53
    protocol: udp  # finding: spec.ports[0].protocol: Unsupported value: "udp": supported values: "SCTP", "TCP", "UDP"
  - name: http
    port: 80
    protocol: HTTP  # finding: spec.ports[1].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"
```
""",  # noqa: E501 - the server's message
    "api-forbidden": f"""\
The field exists, but not together with the other values of the object. `kubectl apply` fails, and nothing of the object
is stored. Remove the field, or change what it depends on; the message says what that is.

All checks: <site:api-server-checks/>

```yaml bad
{_SERVICE}  type: ClusterIP
  allocateLoadBalancerNodePorts: false  # finding: spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'
  ports:
  - port: 80
```
""",  # noqa: E501 - the server's message
    "api-duplicate": f"""\
Two items of a list have the same name or value, and must differ. `kubectl apply` fails, and nothing of the object is
stored. Rename or remove one of them.

All checks: <site:api-server-checks/>

```yaml bad
{_SERVICE}  ports:
  - name: http
    port: 80
  - name: http  # finding: spec.ports[1].name: Duplicate value: "http"
    port: 8080
```
""",
    "api-too-long": """\
`kubectl apply` fails for this object, and nothing of it is stored. The message gives the limit: 250 bytes for the
controller of an IngressClass, 256 KiB for all annotations of an object together. Shorten the value. Large files do not
belong in annotations; put them in a ConfigMap or Secret.

All checks: <site:api-server-checks/>
""",
    "api-too-many": """\
`kubectl apply` fails for this object, and nothing of it is stored. The message gives the limit; for custom resources it
is the `maxItems` of their schema (`--schema-dir`). Remove items, or divide the object into several.

All checks: <site:api-server-checks/>
""",
    "api-type": f"""\
A string where a number is expected, one value where a list is expected, and so on. `kubectl apply` fails, and nothing
of the object is stored. Mostly the YAML is wrong: `"80"` is a string, but `yes`, `on` and `1.10` without quotes are
not, and without its dash a list item is a mapping. Write the value with the type that the message names.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/

```yaml bad
{_SERVICE}  ports:
  - name: http
    port: "80"  # finding: expected a 32-bit integer, found a string (json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32)
  - name: https
    port: [443]  # finding: expected a 32-bit integer, found a list (json: cannot unmarshal array into Go struct field ServicePort.spec.ports.port of type int32)
```
""",  # noqa: E501 - the server's message
    "api-unknown-field": f"""\
A typo, a wrong indentation, or a field of another kind or version. `kubectl apply` refuses the object. Without strict
validation (`kubectl --validate=false`, some controllers) the API server stores the object without the field: it has no
effect, and there is no error. Correct the name or the indentation; the message suggests a name where one is similar.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation

```yaml bad
{_SERVICE}  ports:
  - port: 80
    targetport: 8080  # finding: unknown field "spec.ports[0].targetport"; without strict validation the field is dropped
    path: /  # finding: unknown field "spec.ports[0].path"; without strict validation the field is dropped
```
""",  # noqa: E501 - the server's message
    "api-duplicate-key": f"""\
The object is applied with the last value; the others are lost without a message. Other tools, kustomize for example,
refuse the file. Mostly a block was copied and half changed. Keep one key, or merge the two values.

```yaml bad
{_SERVICE}  selector:
    app: web
    app: shop  # finding: key "app" already set in map
  ports:
  - port: 80
```
""",
    "api-no-match": """\
`kubectl apply` fails: the API server does not know this kind in this group and version. It is reported for built-in
kinds and for obvious typos of them; custom resources are never reported. Check the spelling of `kind` and
`apiVersion`. If the kind is newer than the cluster, set `--kubernetes-version` to what you run.

Source: https://kubernetes.io/docs/reference/kubernetes-api/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicys  # finding: no matches for kind "NetworkPolicys" in version "networking.k8s.io/v1"
metadata:
  name: web
spec:
  podSelector: {}
---
apiVersion: networking.k8s.io/v1
kind: Policy  # finding: no matches for kind "Policy" in version "networking.k8s.io/v1"
metadata:
  name: web
```
""",
    "api-off-by-default": """\
Since Kubernetes 1.24, new beta APIs are off, as alpha APIs always were. `kubectl apply` fails unless the cluster
enables the version with `--runtime-config` of the API server. Use the stable version that the message names, where
there is one. If your clusters enable this one, ignore the finding.

Source: https://kubernetes.io/docs/reference/using-api/#enabling-or-disabling

```yaml bad kubernetes=1.32
apiVersion: networking.k8s.io/v1beta1  # finding: networking.k8s.io/v1beta1 ServiceCIDR is served only where it is enabled (`--runtime-config`)
kind: ServiceCIDR
metadata:
  name: more
spec:
  cidrs: [10.100.0.0/16]
```
""",  # noqa: E501 - a message
    "api-removed-version": """\
`kubectl apply` fails since the Kubernetes version that the message names. Objects that were stored before stay, so this
is often noticed only when something is deployed again after an upgrade. Write the object for the version that is still
served; fields may have other names there.

Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/

```yaml bad
apiVersion: networking.k8s.io/v1beta1  # finding: no matches for kind "Ingress" in version "networking.k8s.io/v1beta1": removed in Kubernetes 1.22; it is available in networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  backend:
    serviceName: web
    servicePort: 80
---
apiVersion: policy/v1beta1  # finding: no matches for kind "PodSecurityPolicy" in version "policy/v1beta1": removed in Kubernetes 1.25
kind: PodSecurityPolicy
metadata:
  name: web
```
""",  # noqa: E501 - the server's message
    "api-decode": """\
The object is not what its kind expects, for a reason that has no id of its own. It is reported with `--server-exact`
only, which gives the API server's answer word for word. Without that option the same mistake has an id that says more,
`api-type` for example.
""",
    "api-warning": f"""\
The object is applied, and `kubectl` prints this text as a warning: a value has no effect, is deprecated, or will be
rejected by a later Kubernetes version. Remove the value, or write what the message recommends.

Source: https://kubernetes.io/docs/reference/using-api/deprecation-policy/

```yaml bad
{_SERVICE}  trafficDistribution: PreferClose  # finding: spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"
  ports:
  - port: 80
```
""",  # noqa: E501 - the server's message
}
