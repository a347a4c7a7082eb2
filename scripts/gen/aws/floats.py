"""Writes plugins/aws/client/floats.json: members of API structures that are floating point.

    pip install botocore && python scripts/gen/aws/floats.py > plugins/aws/client/floats.json

The JavaScript SDK's schemas say "number" for whole and floating numbers alike; botocore's service
models tell them apart. Run it again when a service is added or the SDK is renewed.
"""

import json
import sys
from typing import Any, Dict, List, Set

from botocore.loaders import Loader

# Service name of the declarations: name of botocore's model.
SERVICES = {
    "auto-scaling": "autoscaling",
    "cloudformation": "cloudformation",
    "cloudwatch": "cloudwatch",
    "ec2": "ec2",
    "eks": "eks",
    "elb": "elb",
    "elbv2": "elbv2",
    "iam": "iam",
    "organizations": "organizations",
    "pricing": "pricing",
    "rds": "rds",
    "s3": "s3",
    "service-quotas": "service-quotas",
    "sts": "sts",
}


def is_float(shapes: Dict[str, Any], name: str, seen: Set[str]) -> bool:
    """Whether a shape, or what a list or map of that name holds, is floating point."""
    if name in seen:
        return False
    shape = shapes[name]
    kind = shape["type"]
    if kind == "list":
        return is_float(shapes, shape["member"]["shape"], seen | {name})
    if kind == "map":
        return is_float(shapes, shape["value"]["shape"], seen | {name})
    return kind in ("float", "double")


def floats(shapes: Dict[str, Any]) -> List[str]:
    return sorted(
        f"{name}.{member}"
        for name, shape in shapes.items()
        if shape["type"] == "structure"
        for member, target in shape.get("members", {}).items()
        if is_float(shapes, target["shape"], set())
    )


def main() -> None:
    loader = Loader()
    table = {
        service: floats(loader.load_service_model(model, "service-2")["shapes"])
        for service, model in SERVICES.items()
    }
    json.dump({service: found for service, found in table.items() if found}, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
