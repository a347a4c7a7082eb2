"""The global part of one account of the estate: IAM and S3."""

from typing import Any, Callable, Dict

from botocore.exceptions import ClientError

from aws_estate_region import TRUST_POLICY, Account

ClientOf = Callable[[str], Any]

MANAGED_POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
DOCUMENT = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:List*","Resource":"*"}]}'
)


def seed_account(
    client: ClientOf, account: str, name: str, role: str, certificate: Dict[str, str]
) -> Account:
    """Fills IAM and S3 and returns what the regions of the account refer to."""
    iam = client("iam")
    iam.create_account_alias(AccountAlias=f"{name}-alias")
    _seed_password_policy(iam)
    policy = iam.create_policy(
        PolicyName="read-buckets", PolicyDocument=DOCUMENT, Path="/team/"
    )["Policy"]["Arn"]
    _attach_managed(iam, role)
    _seed_group(iam, policy)
    _seed_users(iam, policy)
    cluster_role = _seed_roles(iam, policy)
    uploaded = iam.upload_server_certificate(ServerCertificateName="web", **certificate)
    _seed_buckets(client("s3"), account)
    return Account(
        id=account,
        certificate_arn=uploaded["ServerCertificateMetadata"]["Arn"],
        instance_profile="web",
        cluster_role_arn=cluster_role,
    )


def _seed_password_policy(iam: Any) -> None:
    iam.update_account_password_policy(
        MinimumPasswordLength=14,
        RequireSymbols=True,
        RequireNumbers=True,
        RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=False,
        AllowUsersToChangePassword=True,
        MaxPasswordAge=90,
        PasswordReusePrevention=5,
    )


def _attach_managed(iam: Any, role: str) -> None:
    """The role that collectors assume; the managed policy exists only if moto was told to load it."""
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=TRUST_POLICY)
    try:
        iam.attach_role_policy(RoleName=role, PolicyArn=MANAGED_POLICY)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise


def _seed_group(iam: Any, policy: str) -> None:
    iam.create_group(GroupName="developers")
    iam.put_group_policy(GroupName="developers", PolicyName="inline-group", PolicyDocument=DOCUMENT)
    iam.attach_group_policy(GroupName="developers", PolicyArn=policy)


def _seed_users(iam: Any, policy: str) -> None:
    iam.create_user(UserName="ada", Tags=[{"Key": "team", "Value": "core"}])
    iam.put_user_policy(UserName="ada", PolicyName="inline-user", PolicyDocument=DOCUMENT)
    iam.attach_user_policy(UserName="ada", PolicyArn=policy)
    iam.add_user_to_group(UserName="ada", GroupName="developers")
    iam.create_access_key(UserName="ada")
    retired = iam.create_access_key(UserName="ada")["AccessKey"]["AccessKeyId"]
    iam.update_access_key(UserName="ada", AccessKeyId=retired, Status="Inactive")
    iam.create_user(UserName="bob")


def _seed_roles(iam: Any, policy: str) -> str:
    iam.create_role(
        RoleName="web",
        AssumeRolePolicyDocument=TRUST_POLICY,
        Tags=[{"Key": "team", "Value": "core"}],
    )
    iam.put_role_policy(RoleName="web", PolicyName="inline-role", PolicyDocument=DOCUMENT)
    iam.attach_role_policy(RoleName="web", PolicyArn=policy)
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    cluster = iam.create_role(
        RoleName="cluster", Path="/service/", AssumeRolePolicyDocument=TRUST_POLICY
    )
    return cluster["Role"]["Arn"]


def _seed_buckets(s3: Any, account: str) -> None:
    s3.create_bucket(Bucket=f"logs-{account}")
    s3.create_bucket(
        Bucket=f"data-{account}",
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
    )
