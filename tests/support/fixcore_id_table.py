"""Writes node ids of the later generation of cores: one JSON array [node, parts, id] a line.

The parts of each node are written out here by hand, so that the table is independent of the rules
in this project's code; it depends on nothing but the standard library.
"""

import hashlib
import json
import sys
from base64 import urlsafe_b64encode

U = "undefined"


def node_id(parts):
    digest = hashlib.blake2b(repr(tuple(parts)).encode("utf-8"), digest_size=16).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def node(kind, cloud="aws", account="1", region="eu", zone=U, id="i", name="n", **rest):
    body = rest.pop("body", {"tags": {}})
    return {"kind": kind, "cloud": cloud, "account": account, "region": region, "zone": zone,
            "id": id, "name": name, "body": json.dumps(body), **rest}


PLACE = ["aws", "1", "eu", U]
ROWS = [
    (node("graph_root", U, U, U, id="root", name="root"), ["graph_root", U, U, U, U, "root"]),
    (node("cloud", "aws", U, U, id="aws", name="aws"), ["cloud", "aws", U, U, U, "aws"]),
    (node("example_instance", "example", zone="z", name="other name"),
     ["example_instance", "example", "1", "eu", "z", "i"]),
    (node("example_instance", "example", id="it's"),
     ["example_instance", "example", "1", "eu", U, "it's"]),
    # Only a provider's own property counts.
    (node("example_instance", "example", body={"arn": "arn:x", "link": "l", "urn": "u"}),
     ["example_instance", "example", "1", "eu", U, "i"]),
    # Regions keep their name.
    (node("example_region", "example", region="r", id="r", name="Région"),
     ["example_region", "example", "1", "r", U, "r", "Région"]),
    (node("aws_region", region="us-east-1", id="us-east-1", name="global", body={"arn": "arn:r"}),
     ["aws_region", "aws", "1", "us-east-1", U, "us-east-1", "global"]),
    (node("gcp_region", "gcp", "p", "r", id="r", name="europe", body={"link": "https://x/r"}),
     ["gcp_region", "gcp", "p", "r", U, "r", "europe", "https://x/r"]),
    # Properties that tell the resources of a provider apart.
    (node("aws_vpc", body={"arn": "arn:aws:ec2:eu:1:vpc/i", "tags": {}}),
     ["aws_vpc", *PLACE, "i", "arn:aws:ec2:eu:1:vpc/i"]),
    (node("aws_vpc"), ["aws_vpc", *PLACE, "i"]),
    (node("aws_vpc", body={"arn": None}), ["aws_vpc", *PLACE, "i"]),
    (node("aws_account", region=U, id="1", name="dev", body={"arn": "arn:o"}),
     ["aws_account", "aws", "1", U, U, "1", "arn:o"]),
    (node("gcp_disk", "gcp", "p", "r", "z", body={"link": 'https://x/"d"'}),
     ["gcp_disk", "gcp", "p", "r", "z", "i", 'https://x/"d"']),
    (node("gcp_sql_user", "gcp", body={"link": "l", "instance": "db"}),
     ["gcp_sql_user", "gcp", "1", "eu", U, "i", "l", "db"]),
    (node("gcp_sql_user", "gcp", body={"instance": "db"}),
     ["gcp_sql_user", "gcp", "1", "eu", U, "i", "db"]),
    (node("digitalocean_droplet", "digitalocean", body={"urn": "do:droplet:1"}),
     ["digitalocean_droplet", "digitalocean", "1", "eu", U, "i", "do:droplet:1"]),
    (node("azure_machine_learning_usage", "azure"),
     ["azure_machine_learning_usage", "azure", "1", "eu", U, "i", "n"]),
    # DNS records lie below a zone of their own.
    (node("example_record", "example", dnsZone="zone-1",
          body={"record_type": "A", "record_data": "10.0.0.1"}),
     ["example_record", "example", "1", "eu", U, "zone-1", "i", "n", "A", "10.0.0.1"]),
    (node("example_record_set", "example", body={"record_type": "MX"}),
     ["example_record_set", "example", "1", "eu", U, U, "i", "n", "MX"]),
    (node("aws_route53_resource_record", dnsZone="Z",
          body={"record_type": "A", "record_data": "x", "arn": "arn:r",
                "record_set_identifier": "blue"}),
     ["aws_route53_resource_record", *PLACE, "Z", "i", "n", "A", "x", "arn:r", "blue"]),
    (node("aws_route53_resource_record", dnsZone="Z", body={"record_type": "A", "record_data": "x"}),
     ["aws_route53_resource_record", *PLACE, "Z", "i", "n", "A", "x", None]),
    (node("aws_route53_resource_record_set", dnsZone="Z", name="",
          body={"record_type": "A", "record_set_identifier": "blue", "arn": "arn:r"}),
     ["aws_route53_resource_record_set", *PLACE, "Z", "i", "i", "A", "blue"]),
    # Kinds with rules of their own.
    (node("aws_cloudwatch_metric_filter", body={"log_group_name": "g", "arn": "a"}),
     ["aws_cloudwatch_metric_filter", *PLACE, "i", "g"]),
    (node("aws_apigateway_resource", body={"api_link": "a/1", "arn": "a"}),
     ["aws_apigateway_resource", *PLACE, "i", "a/1"]),
    (node("aws_cognito_user", body={"arn": "a", "pool_name": "p"}),
     ["aws_cognito_user", *PLACE, "i", "a", "p"]),
    (node("aws_cognito_user"), ["aws_cognito_user", *PLACE, "i"]),
    (node("aws_sagemaker_app", body={"user_profile_name": "u", "arn": "a"}),
     ["aws_sagemaker_app", *PLACE, "i", "n", "u"]),
]

for row, parts in ROWS:
    sys.stdout.write(json.dumps([row, parts, node_id(parts)]) + "\n")
