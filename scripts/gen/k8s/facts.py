"""Writes scripts/gen/k8s/facts.json: names and types of the API objects that the k8s plugin reads.

    pip install kubernetes-validate==1.37.0 && python scripts/gen/k8s/facts.py > scripts/gen/k8s/facts.json

The package carries the OpenAPI description that Kubernetes publishes, one folder per version. Only
facts are taken: definitions reachable from the listed objects, their fields, types and which of them
are required. Run it again when a kind is added or a newer version is to be known.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any, Dict, List

import kubernetes_validate

VERSION = "1.37.0"
ROOTS = """
core.v1: ConfigMap Endpoints LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod
core.v1: PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount
apps.v1: ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet
batch.v1: CronJob Job
autoscaling.v2: HorizontalPodAutoscaler
networking.v1: Ingress IngressClass NetworkPolicy
discovery.v1: EndpointSlice
policy.v1: PodDisruptionBudget
rbac.v1: ClusterRole ClusterRoleBinding Role RoleBinding
storage.v1: CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment
scheduling.v1: PriorityClass
node.v1: RuntimeClass
flowcontrol.v1: FlowSchema PriorityLevelConfiguration
admissionregistration.v1: MutatingWebhookConfiguration ValidatingWebhookConfiguration
apiextensions.v1: CustomResourceDefinition
"""
# Values that are texts or numbers on the wire, whatever their definition looks like.
TEXTS = {
    "resource.Quantity": "string",
    "intstr.IntOrString": "int_or_string",
    "meta.v1.Time": "datetime",
    "meta.v1.MicroTime": "datetime",
}
PREFIX = re.compile(
    r"^io\.k8s\.(api|apimachinery\.pkg\.(apis|api|util)|apiextensions-apiserver\.pkg\.apis)\."
)


def short(reference: str) -> str:
    return PREFIX.sub("", reference.rsplit("/", 1)[-1])


def type_of(schema: Dict[str, Any]) -> str:
    if "$ref" in schema:
        name = short(schema["$ref"])
        return TEXTS.get(name, name)
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        kind = next(each for each in kind if each != "null")
    if kind == "array":
        return type_of(schema.get("items", {})) + "[]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"dictionary[string, {type_of(values)}]" if isinstance(values, dict) else "any"
    if kind == "integer":
        return "int64"
    if kind == "number":
        return "double"
    if schema.get("format") == "date-time":
        return "datetime"
    return str(kind)


def inner(name: str) -> str:
    """The definition that a type is made of."""
    while True:
        match = re.match(r"^(?:dictionary\[string, (.*)\]|(.*)\[\])$", name)
        if not match:
            return name
        name = match.group(1) or match.group(2)


def main() -> None:
    folder = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
    source = json.loads((folder / f"v{VERSION}-local" / "_definitions.json").read_text())
    known = {short(name): schema for name, schema in source["$defs"].items()}
    waiting: List[str] = []
    for line in ROOTS.strip().splitlines():
        group, names = line.split(": ")
        waiting += [f"{group}.{name}" for name in names.split()]
    found: Dict[str, Any] = {}
    while waiting:
        name = waiting.pop()
        if name in found or name not in known:
            continue
        schema = known[name]
        fields = {key: type_of(each) for key, each in schema.get("properties", {}).items()}
        found[name] = {"required": sorted(schema.get("required", [])), "fields": fields}
        waiting += [inner(each) for each in fields.values()]
    definitions = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(found[name], sort_keys=True)}" for name in sorted(found)
    )
    sys.stdout.write(f'{{"version": "{VERSION}", "definitions": {{\n{definitions}\n}}}}\n')


main()
