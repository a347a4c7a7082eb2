"""Seeds a moto server with an organisation that holds at least one of every kind.

    aws_estate.py --url http://127.0.0.1:5000 [--members 2] [--regions us-east-1,eu-west-1]
                  [--no-suspended] [--extra 0] [--only-organisation]

The server is reset and its random generator seeded first, so account ids are the same each time,
resource ids on each new server. Writes one JSON document to stdout: accounts, regions, role, seconds.

moto maps an access key to the account it was made for. The management account (123456789012) is
seeded with a key that moto does not know; a member through the credentials that AssumeRole into
arn:aws:iam::<account>:role/ckworker gives, which is also how a collector reaches it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Dict, List

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_estate_account import seed_account
from aws_estate_region import seed_region

ROLE = "ckworker"
MANAGEMENT = "123456789012"
SEED = 42


class Session:
    """boto3 clients of one account against the server."""

    def __init__(self, url: str, key: str = "testing", secret: str = "testing", token: str = ""):
        self._url = url
        self._credentials = {"aws_access_key_id": key, "aws_secret_access_key": secret}
        if token:
            self._credentials["aws_session_token"] = token

    def client(self, service: str, region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self._url,
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
            **self._credentials,
        )

    def assume(self, account: str) -> "Session":
        answer = self.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/{ROLE}", RoleSessionName=f"estate-{account}"
        )["Credentials"]
        return Session(
            self._url, answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"]
        )


def main() -> None:
    options = _parse()
    started = time.monotonic()
    _reset(options.url)
    management = Session(options.url)
    members, suspended = _organisation(management, options.members, options.suspended)
    accounts = [{"id": MANAGEMENT, "name": "management"}, *members]
    regions = options.regions.split(",")
    if not options.only_organisation:
        with tempfile.TemporaryDirectory() as folder:
            certificate = _certificate(Path(folder))
        for account in accounts:
            session = management if account["id"] == MANAGEMENT else management.assume(account["id"])
            _fill(session, account, regions, certificate, options.extra)
    json.dump(
        {
            "management": MANAGEMENT,
            "role": ROLE,
            "accounts": accounts,
            "suspended": suspended,
            "regions": regions,
            "seconds": round(time.monotonic() - started, 2),
        },
        sys.stdout,
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--members", type=int, default=2)
    parser.add_argument("--regions", default="us-east-1,eu-west-1,ap-southeast-2")
    parser.add_argument("--no-suspended", dest="suspended", action="store_false")
    parser.add_argument("--only-organisation", action="store_true")
    parser.add_argument("--extra", type=int, default=0)
    return parser.parse_args()


def _reset(url: str) -> None:
    for path in ("reset", f"seed?a={SEED}"):
        request = urllib.request.Request(f"{url}/moto-api/{path}", method="POST")
        urllib.request.urlopen(request).close()


def _organisation(management: Session, members: int, suspended: bool) -> Any:
    organizations = management.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    created = [_create(organizations, f"member-{index + 1}") for index in range(members)]
    closed: List[Dict[str, str]] = []
    if suspended:
        closed = [_create(organizations, "closed")]
        organizations.close_account(AccountId=closed[0]["id"])
    return created, closed


def _create(organizations: Any, name: str) -> Dict[str, str]:
    status = organizations.create_account(AccountName=name, Email=f"{name}@example.com")
    return {"id": status["CreateAccountStatus"]["AccountId"], "name": name}


def _certificate(folder: Path) -> Dict[str, str]:
    key, body = folder / "key.pem", folder / "body.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650",
         "-subj", "/CN=example.com", "-keyout", str(key), "-out", str(body)],
        check=True,
        capture_output=True,
    )
    return {"CertificateBody": body.read_text(), "PrivateKey": key.read_text()}


def _fill(
    session: Session,
    account: Dict[str, str],
    regions: List[str],
    certificate: Dict[str, str],
    extra: int,
) -> None:
    seeded = seed_account(session.client, account["id"], account["name"], ROLE, certificate)
    for region in regions:
        is_bare = len(regions) > 1 and region == regions[-1]
        seed_region(lambda service: session.client(service, region), region, seeded, extra, is_bare)


if __name__ == "__main__":
    try:
        main()
    except ClientError as error:
        sys.exit(f"seeding failed: {error}")
