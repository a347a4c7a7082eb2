"""What a moto server holds, counted by boto3 alone, as JSON.

    aws_expect.py --url http://127.0.0.1:5000 --accounts 123456789012,… --regions us-east-1,…

Output: nodes[account][region][kind][id] = {"name": …, more properties to compare} and
edges[account][region] = sorted list of [from kind, from id, to kind, to id].
Global kinds lie under the region "global". Ids and names follow the identity of each kind, for
example the DNS name for a classic load balancer and the ARN for an EKS cluster.

Left out, because they are derived and held by no call of moto: quotas, instance types and volume
types. moto has no DescribeReservedInstances (no node anyway), pricing and ListServiceQuotas.
Edges are those between nodes that are both listed here; region and account parents are left out.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Tuple

from aws_estate import MANAGEMENT, Session
from aws_expect_account import expect_account
from aws_expect_region import expect_region
from aws_inventory import Inventory


def main() -> None:
    options = _parse()
    management = Session(options.url)
    places: List[Tuple[str, str, Session]] = []
    for account in options.accounts.split(","):
        session = management if account == MANAGEMENT else management.assume(account)
        places += [(account, region, session) for region in ["global", *options.regions.split(",")]]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(_look, places))
    nodes: Dict[str, Any] = {}
    edges: Dict[str, Any] = {}
    for (account, region, _), inventory in zip(places, found):
        nodes.setdefault(account, {})[region] = inventory.nodes
        edges.setdefault(account, {})[region] = sorted(inventory.edges)
    json.dump({"nodes": nodes, "edges": edges}, sys.stdout)


def _look(place: Tuple[str, str, Session]) -> Inventory:
    _, region, session = place
    inventory = Inventory()
    if region == "global":
        expect_account(session.client, inventory)
    else:
        expect_region(lambda service: session.client(service, region), region, inventory)
    return inventory


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--accounts", default=MANAGEMENT)
    parser.add_argument("--regions", default="us-east-1")
    return parser.parse_args()


if __name__ == "__main__":
    main()
