"""Writes scripts/gen/gcp/facts.json: what the gcp plugin and its tests know of Google's APIs.

    pip install --no-deps google-api-python-client==2.202.0
    python scripts/gen/gcp/facts.py > scripts/gen/gcp/facts.json

The package carries the discovery documents that Google publishes. Only facts are taken: the operations
named in ROOTS (path, method, parameters, types of request and response) and the types that these reach
down to DEEPEST levels below a listed object. Add a line to ROOTS when a service or an operation is
needed, and run it again.
"""

import json
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import googleapiclient

# Service and version, then `collection: methods`, a line each. `compute` has a short form below.
ROOTS = """
cloudresourcemanager v1
projects: list get getAncestry

storage v1
buckets: list get patch delete
objects: list delete

sqladmin v1beta4
instances: list get patch delete
databases: list get delete
users: list
backupRuns: list get delete
operations: list get

container v1
projects.locations.clusters: list get setResourceLabels delete
projects.locations.operations: list get

cloudbilling v1
services: list
services.skus: list
projects: getBillingInfo
billingAccounts: get

aiplatform v1
projects.locations.batchPredictionJobs: list get delete
projects.locations.customJobs: list get delete
projects.locations.datasets: list get patch delete
projects.locations.datasets.datasetVersions: list get delete
projects.locations.endpoints: list get patch delete
projects.locations.featureGroups: list get patch delete
projects.locations.featureGroups.features: list get patch delete
projects.locations.featurestores: list get patch delete
projects.locations.hyperparameterTuningJobs: list get delete
projects.locations.indexes: list get patch delete
projects.locations.indexEndpoints: list get patch delete
projects.locations.models: list get patch delete
projects.locations.models.evaluations: list
projects.locations.modelDeploymentMonitoringJobs: list get patch delete
projects.locations.pipelineJobs: list get delete
projects.locations.schedules: list get delete
projects.locations.tensorboards: list get patch delete
projects.locations.trainingPipelines: list get delete
projects.locations.tuningJobs: list
projects.locations.operations: get

cloudfunctions v2
projects.locations.functions: list get patch delete
projects.locations.operations: get

file v1
projects.locations.backups: list get patch delete
projects.locations.instances: list get patch delete
projects.locations.instances.snapshots: list get patch delete
projects.locations.operations: get

firestore v1
projects.databases: list get delete
projects.databases.operations: get
projects.locations.backups: list get delete

pubsub v1
projects.snapshots: list get patch delete
projects.subscriptions: list get patch delete
projects.topics: list get patch delete

securitycenter v1
projects.sources.findings: list
"""
# Services that are called at a host of each region.
REGIONAL = ("aiplatform",)
# Collections of Compute Engine with the methods that are used wherever they exist.
COMPUTE = """
regions zones machineTypes diskTypes regionDiskTypes networks subnetworks routers routes firewalls addresses globalAddresses
healthChecks regionHealthChecks httpHealthChecks httpsHealthChecks instances disks regionDisks
targetVpnGateways vpnGateways vpnTunnels securityPolicies regionSecurityPolicies snapshots images
sslCertificates regionSslCertificates networkEndpointGroups regionNetworkEndpointGroups
globalNetworkEndpointGroups instanceGroups regionInstanceGroups instanceGroupManagers
regionInstanceGroupManagers autoscalers regionAutoscalers backendServices regionBackendServices
backendBuckets urlMaps regionUrlMaps targetPools targetInstances targetHttpProxies regionTargetHttpProxies
targetHttpsProxies regionTargetHttpsProxies targetSslProxies targetTcpProxies regionTargetTcpProxies
targetGrpcProxies forwardingRules globalForwardingRules instanceTemplates regionInstanceTemplates
externalVpnGateways machineImages sslPolicies resourcePolicies
acceleratorTypes regionBackendBuckets regionCommitments networkFirewallPolicies
regionNetworkFirewallPolicies regionHealthCheckServices interconnects interconnectAttachments
interconnectLocations licenses networkEdgeSecurityServices nodeGroups nodeTemplates nodeTypes
regionNotificationEndpoints packetMirrorings publicAdvertisedPrefixes publicDelegatedPrefixes
globalPublicDelegatedPrefixes serviceAttachments regionSslPolicies
"""
COMPUTE_METHODS = "list aggregatedList get setLabels delete"
COMPUTE_ALWAYS = {
    "aggregatedList": ("globalOperations",),
    "listInstances": ("instanceGroups", "regionInstanceGroups"),
    "get": ("zoneOperations", "regionOperations", "globalOperations"),
}
# Global parameters; the others of the documents are never sent.
COMMON = ("alt", "fields", "key", "prettyPrint", "quotaUser", "userIp")
# By which a list asks for what can be reached.
PARTIAL = "returnPartialSuccess"
# Levels of structures below a listed object that are kept; what is deeper is `any`.
DEEPEST = 4


def documents() -> Path:
    return Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"


def roots() -> Iterator[Tuple[str, str, List[Tuple[str, List[str]]]]]:
    for block in ROOTS.strip().split("\n\n"):
        first, *lines = block.splitlines()
        service, version = first.split()
        yield service, version, [(name, methods.split()) for name, methods in (line.split(": ") for line in lines)]
    named = [(name, COMPUTE_METHODS.split()) for name in COMPUTE.split()]
    more = [(name, [method]) for method, names in COMPUTE_ALWAYS.items() for name in names]
    yield "compute", "v1", named + more


def collection(document: Dict[str, Any], name: str) -> Dict[str, Any]:
    here = document
    for part in name.split("."):
        here = here["resources"][part]
    return here["methods"]


class Types:
    """Types of one document: `string`, `T[]`, `dictionary[T]`, or the name of a structure."""

    def __init__(self, document: Dict[str, Any]) -> None:
        self.schemas: Dict[str, Any] = dict(document["schemas"])

    def type_of(self, schema: Dict[str, Any], owner: str) -> str:
        if "$ref" in schema:
            return schema["$ref"]
        kind = schema.get("type", "any")
        if kind == "array":
            return self.type_of(schema["items"], owner) + "[]"
        if kind == "object" and "properties" in schema:
            self.schemas[owner] = schema
            return owner
        if kind == "object":
            values = schema.get("additionalProperties")
            inner = "any" if values is None else self.type_of(values, owner)
            return f"dictionary[{inner}]"
        text = schema.get("format", "")
        if kind == "string" and text in ("int64", "uint64"):
            return "int64_text"
        if kind == "string" and text in ("date-time", "google-datetime"):
            return "datetime"
        return {"integer": "int64", "number": "double"}.get(kind, kind)

    def fields(self, name: str) -> Dict[str, str]:
        members = self.schemas[name].get("properties", {})
        return {each: self.type_of(members[each], f"{name}.{each}") for each in sorted(members)}


def inner(name: str) -> str:
    while name.endswith("[]") or name.startswith("dictionary["):
        name = name[:-2] if name.endswith("[]") else name[len("dictionary[") : -1]
    return name


def reach(types: Types, wanted: Dict[str, int]) -> Dict[str, Dict[str, str]]:
    """The structures that are wanted at a level, and those inside them; deeper ones are left out."""
    found: Dict[str, Dict[str, str]] = {}
    levels: Dict[str, int] = {}
    waiting = list(wanted.items())
    while waiting:
        name, level = waiting.pop(0)
        if name not in types.schemas or levels.get(name, DEEPEST + 1) <= level:
            continue
        levels[name] = level
        found[name] = types.fields(name)
        waiting += [(inner(each), level + 1) for each in found[name].values() if level < DEEPEST]
    return found


def operation(method: Dict[str, Any], common: Dict[str, Any], types: Types) -> Dict[str, Any]:
    parameters = {**{each: common[each] for each in COMMON if each in common}, **method.get("parameters", {})}
    # Lists of Compute Engine ask in words for a parameter that they do not describe.
    if f"`{PARTIAL}` parameter" in method.get("description", ""):
        parameters.setdefault(PARTIAL, {"location": "query", "type": "boolean"})
    taken = {
        name: f"{'repeated ' if each.get('repeated') else ''}{each['location']} {types.type_of(each, name)}"
        for name, each in sorted(parameters.items())
        if name not in COMMON
    }
    facts: Dict[str, Any] = {
        "method": method["httpMethod"],
        "path": method["path"],
        "parameters": taken,
        "required": sorted(name for name, each in parameters.items() if each.get("required")),
    }
    for key in ("request", "response"):
        if key in method:
            facts[key] = method[key]["$ref"]
    return facts


def hosts_of(document: Dict[str, Any]) -> Dict[str, str]:
    """Address by region. Those of several regions together, such as `eu`, have no lists of their own."""
    known = {each["location"]: each["endpointUrl"] for each in document["endpoints"]}
    return {region: known[region] for region in sorted(known) if region[-1].isdigit()}


def facts_of(service: str, version: str, wanted: List[Tuple[str, List[str]]]) -> Dict[str, Any]:
    document = json.loads((documents() / f"{service}.{version}.json").read_text())
    types = Types(document)
    operations: Dict[str, Any] = {}
    levels: Dict[str, int] = {}
    for name, methods in wanted:
        known = collection(document, name)
        for method in methods:
            if method not in known:
                if service != "compute":
                    raise SystemExit(f"{service} has no {name}.{method}")
                continue
            facts = operation(known[method], document.get("parameters", {}), types)
            operations[f"{name}.{method}"] = facts
            for key, level in (("request", 0), ("response", -1 if method in ("list", "listInstances") else 0)):
                if key in facts:
                    level = -2 if method == "aggregatedList" and key == "response" else level
                    levels[facts[key]] = min(level, levels.get(facts[key], level))
    return {
        "version": version,
        "revision": document["revision"],
        "root": document["rootUrl"],
        "base": document["servicePath"],
        **({"hosts": hosts_of(document)} if service in REGIONAL else {}),
        "operations": operations,
        "schemas": reach(types, levels),
    }


def lines(value: Any, depth: int) -> str:
    """JSON with one line for each operation and each structure."""
    if depth == 0 or not isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    parts = ",\n".join(f"{json.dumps(key)}: {lines(value[key], depth - 1)}" for key in value)
    return f"{{\n{parts}\n}}"


def main() -> None:
    services = {service: facts_of(service, version, wanted) for service, version, wanted in roots()}
    package = f"google-api-python-client=={metadata.version('google-api-python-client')}"
    sys.stdout.write(lines({"package": package, "services": services}, 4) + "\n")


main()
