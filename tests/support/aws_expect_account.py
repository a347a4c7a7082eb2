"""The global kinds of one account."""

from typing import Any, Callable

from aws_inventory import Inventory, pages

ClientOf = Callable[[str], Any]


def expect_account(client: ClientOf, found: Inventory) -> None:
    iam = client("iam")
    policies = {raw["Arn"]: raw["PolicyId"] for raw in _policies(iam, found)}
    _groups(iam, found, policies)
    for raw in pages(iam, "list_instance_profiles", "InstanceProfiles"):
        key, name = raw["InstanceProfileId"], raw["InstanceProfileName"]
        found.node("aws_iam_instance_profile", key, name, arn=raw["Arn"])
    _roles(iam, found, policies)
    _users(iam, found, policies)
    for raw in pages(iam, "list_server_certificates", "ServerCertificateMetadataList"):
        key, name = raw["ServerCertificateId"], raw["ServerCertificateName"]
        found.node("aws_iam_server_certificate", key, name, arn=raw["Arn"])
    for raw in client("s3").list_buckets()["Buckets"]:
        found.node("aws_s3_bucket", raw["Name"], raw["Name"])


def _policies(iam: Any, found: Inventory) -> Any:
    own = pages(iam, "list_policies", "Policies", Scope="Local", OnlyAttached=False)
    attached = pages(iam, "list_policies", "Policies", Scope="AWS", OnlyAttached=True)
    for raw in own + attached:
        found.node("aws_iam_policy", raw["PolicyId"], raw["PolicyName"], arn=raw["Arn"])
    return own + attached


def _groups(iam: Any, found: Inventory, policies: Any) -> None:
    for raw in pages(iam, "list_groups", "Groups"):
        key, name = raw["GroupId"], raw["GroupName"]
        inline = pages(iam, "list_group_policies", "PolicyNames", GroupName=name)
        found.node("aws_iam_group", key, name, arn=raw["Arn"], group_policies=inline)
        attached = pages(iam, "list_attached_group_policies", "AttachedPolicies", GroupName=name)
        _attached(found, attached, policies, "aws_iam_group", key)


def _roles(iam: Any, found: Inventory, policies: Any) -> None:
    for raw in pages(iam, "list_roles", "Roles"):
        key, name = raw["RoleId"], raw["RoleName"]
        inline = pages(iam, "list_role_policies", "PolicyNames", RoleName=name)
        found.node("aws_iam_role", key, name, arn=raw["Arn"], role_policies=inline)
        for profile in pages(
            iam, "list_instance_profiles_for_role", "InstanceProfiles", RoleName=name
        ):
            found.edge("aws_iam_role", key, "aws_iam_instance_profile", profile["InstanceProfileId"])
        for policy in pages(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name):
            found.edge("aws_iam_role", key, "aws_iam_policy", policies.get(policy["PolicyArn"]))


def _users(iam: Any, found: Inventory, policies: Any) -> None:
    for raw in pages(iam, "list_users", "Users"):
        key, name = raw["UserId"], raw["UserName"]
        inline = pages(iam, "list_user_policies", "PolicyNames", UserName=name)
        found.node("aws_iam_user", key, name, arn=raw["Arn"], user_policies=inline)
        attached = pages(iam, "list_attached_user_policies", "AttachedPolicies", UserName=name)
        _attached(found, attached, policies, "aws_iam_user", key)
        for group in pages(iam, "list_groups_for_user", "Groups", UserName=name):
            found.edge("aws_iam_group", group["GroupId"], "aws_iam_user", key)
        for access in pages(iam, "list_access_keys", "AccessKeyMetadata", UserName=name):
            _access_key(iam, found, access, key)


def _access_key(iam: Any, found: Inventory, raw: Any, user: str) -> None:
    key = raw["AccessKeyId"]
    iam.get_access_key_last_used(AccessKeyId=key)
    found.node(
        "aws_iam_access_key", key, key, access_key_status=raw["Status"], user_name=raw["UserName"]
    )
    found.edge("aws_iam_user", user, "aws_iam_access_key", key)


def _attached(found: Inventory, attached: Any, policies: Any, kind: str, key: str) -> None:
    for policy in attached:
        found.edge("aws_iam_policy", policies.get(policy["PolicyArn"]), kind, key)
