"""One region of the estate: at least one of every regional kind that moto can make."""

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List

Client = Callable[[str], Any]

TRUST_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
    '"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
)
TEMPLATE = (
    '{"AWSTemplateFormatVersion":"2010-09-09",'
    '"Parameters":{"Stage":{"Type":"String","Default":"test"},"Owner":{"Type":"String"}},'
    '"Resources":{"Waiting":{"Type":"AWS::CloudFormation::WaitConditionHandle"}}}'
)


@dataclass(frozen=True)
class Account:
    """What a region needs to know of its account."""

    id: str
    certificate_arn: str
    instance_profile: str
    cluster_role_arn: str


@dataclass
class Network:
    """Ids that later steps of the same region refer to."""

    region: str
    vpc: str = ""
    peer_vpc: str = ""
    subnets: List[str] = field(default_factory=list)
    group: str = ""
    route_table: str = ""
    interface: str = ""
    address: str = ""
    instances: List[str] = field(default_factory=list)


def seed_region(
    client: Client, region: str, account: Account, extra: int = 0, is_bare: bool = False
) -> None:
    """Fills one region; `extra` more running instances, each with an available volume.

    `is_bare` makes the database one without subnet group. There is one database a region because
    moto gives all databases of a region the same DbiResourceId.
    """
    network = Network(region=region)
    _seed_network(client("ec2"), network)
    _seed_compute(client("ec2"), network, account, extra)
    _seed_endpoints(client("ec2"), network)
    _seed_classic_balancer(client("elb"), network, account)
    _seed_balancers(client("elbv2"), network, account)
    _seed_scaling_group(client("autoscaling"), network)
    _seed_database(client("rds"), network, is_bare)
    _seed_stacks(client("cloudformation"))
    _seed_cluster(client("eks"), network, account)
    _seed_alarms(client("cloudwatch"), network)


def tags(kind: str, **pairs: str) -> List[Dict[str, Any]]:
    """Tag specification of EC2 create calls."""
    return [{"ResourceType": kind, "Tags": [{"Key": k, "Value": v} for k, v in pairs.items()]}]


def _seed_network(ec2: Any, net: Network) -> None:
    named = {"Name": f"main-{net.region}", "owner": "ada"}
    net.vpc = ec2.create_vpc(
        CidrBlock="10.0.0.0/16", TagSpecifications=tags("vpc", **named)
    )["Vpc"]["VpcId"]
    net.peer_vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    for index, zone in enumerate("ab"):
        subnet = ec2.create_subnet(
            VpcId=net.vpc,
            CidrBlock=f"10.0.{index}.0/24",
            AvailabilityZone=f"{net.region}{zone}",
            TagSpecifications=tags("subnet", Name=f"subnet-{zone}"),
        )
        net.subnets.append(subnet["Subnet"]["SubnetId"])
    net.group = ec2.create_security_group(
        GroupName="web", Description="web servers", VpcId=net.vpc
    )["GroupId"]
    ec2.create_tags(Resources=[net.group], Tags=[{"Key": "tier", "Value": "web"}])
    net.route_table = ec2.create_route_table(
        VpcId=net.vpc, TagSpecifications=tags("route-table", Name="private")
    )["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=net.route_table, SubnetId=net.subnets[0])
    gateway = ec2.create_internet_gateway(
        TagSpecifications=tags("internet-gateway", Name="out")
    )["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=net.vpc)
    ec2.create_internet_gateway()
    acl = ec2.create_network_acl(VpcId=net.vpc)["NetworkAcl"]["NetworkAclId"]
    ec2.create_tags(Resources=[acl], Tags=[{"Key": "Name", "Value": "strict"}])


def _seed_compute(ec2: Any, net: Network, account: Account, extra: int) -> None:
    ec2.create_key_pair(KeyName="ops", TagSpecifications=tags("key-pair", owner="ada"))
    image = ec2.register_image(Name="base", RootDeviceName="/dev/xvda")["ImageId"]
    placed = {
        "ImageId": image,
        "KeyName": "ops",
        "SubnetId": net.subnets[0],
        "SecurityGroupIds": [net.group],
        "IamInstanceProfile": {"Name": account.instance_profile},
    }
    for name, size in (("web-1", "t3.micro"), ("web-2", "m5.large")):
        net.instances.append(_run(ec2, 1, InstanceType=size, **placed, Name=name)[0])
    stopped, terminated = _run(ec2, 2, InstanceType="t3.micro", **placed)
    ec2.stop_instances(InstanceIds=[stopped])
    ec2.terminate_instances(InstanceIds=[terminated])
    _seed_volumes(ec2, net)
    ec2.create_launch_template(
        LaunchTemplateName="workers",
        LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"},
        TagSpecifications=tags("launch-template", owner="ada"),
    )
    if extra > 0:
        _run(ec2, extra, InstanceType="c5.xlarge", **placed)
        for _ in range(extra):
            ec2.create_volume(AvailabilityZone=f"{net.region}a", Size=8, VolumeType="gp3")


def _run(ec2: Any, count: int, Name: str = "", **arguments: Any) -> List[str]:
    specifications = tags("instance", Name=Name, owner="ada") if Name else []
    answer = ec2.run_instances(
        MinCount=count, MaxCount=count, TagSpecifications=specifications, **arguments
    )
    return [instance["InstanceId"] for instance in answer["Instances"]]


def _seed_volumes(ec2: Any, net: Network) -> None:
    zone = f"{net.region}a"
    attached = ec2.create_volume(
        AvailabilityZone=zone,
        Size=20,
        VolumeType="gp3",
        Throughput=150,
        Encrypted=True,
        TagSpecifications=tags("volume", Name="data"),
    )["VolumeId"]
    ec2.attach_volume(VolumeId=attached, InstanceId=net.instances[0], Device="/dev/sdf")
    available = ec2.create_volume(AvailabilityZone=zone, Size=10, VolumeType="gp2")["VolumeId"]
    ec2.create_volume(AvailabilityZone=zone, Size=50, VolumeType="io2", Iops=1000)
    snapshot = ec2.create_snapshot(
        VolumeId=available,
        Description="nightly",
        TagSpecifications=tags("snapshot", Name="nightly"),
    )["SnapshotId"]
    ec2.create_volume(AvailabilityZone=zone, Size=10, VolumeType="st1", SnapshotId=snapshot)


def _seed_endpoints(ec2: Any, net: Network) -> None:
    net.interface = ec2.create_network_interface(
        SubnetId=net.subnets[1], Groups=[net.group], Description="appliance"
    )["NetworkInterface"]["NetworkInterfaceId"]
    for name in ("nat", "free"):
        address = ec2.allocate_address(
            Domain="vpc", TagSpecifications=tags("elastic-ip", Name=name)
        )["AllocationId"]
        net.address = net.address or address
    gateway = ec2.create_nat_gateway(SubnetId=net.subnets[0], AllocationId=net.address)
    ec2.create_tags(
        Resources=[gateway["NatGateway"]["NatGatewayId"]], Tags=[{"Key": "Name", "Value": "nat"}]
    )
    bound = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(AllocationId=bound, InstanceId=net.instances[1])
    peering = ec2.create_vpc_peering_connection(VpcId=net.vpc, PeerVpcId=net.peer_vpc)
    ec2.accept_vpc_peering_connection(
        VpcPeeringConnectionId=peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    )
    ec2.create_vpc_endpoint(
        VpcId=net.vpc,
        ServiceName=f"com.amazonaws.{net.region}.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[net.route_table],
    )
    ec2.create_vpc_endpoint(
        VpcId=net.vpc,
        ServiceName=f"com.amazonaws.{net.region}.ec2",
        VpcEndpointType="Interface",
        SubnetIds=[net.subnets[0]],
        SecurityGroupIds=[net.group],
    )


def _seed_classic_balancer(elb: Any, net: Network, account: Account) -> None:
    elb.create_load_balancer(
        LoadBalancerName="classic",
        Listeners=[
            {
                "Protocol": "https",
                "LoadBalancerPort": 443,
                "InstancePort": 80,
                "SSLCertificateId": account.certificate_arn,
            }
        ],
        Subnets=[net.subnets[0]],
        SecurityGroups=[net.group],
        Tags=[{"Key": "owner", "Value": "ada"}],
    )
    elb.register_instances_with_load_balancer(
        LoadBalancerName="classic", Instances=[{"InstanceId": net.instances[0]}]
    )


def _seed_balancers(elbv2: Any, net: Network, account: Account) -> None:
    owner = [{"Key": "owner", "Value": "ada"}]
    application = elbv2.create_load_balancer(
        Name="app", Subnets=net.subnets, SecurityGroups=[net.group], Tags=owner
    )["LoadBalancers"][0]["LoadBalancerArn"]
    network = elbv2.create_load_balancer(Name="net", Type="network", Subnets=net.subnets)
    servers = _target_group(elbv2, net, "servers", "HTTP", "instance")
    streams = _target_group(elbv2, net, "streams", "TCP", "instance")
    _target_group(elbv2, net, "hosts", "HTTP", "ip")
    elbv2.register_targets(
        TargetGroupArn=servers, Targets=[{"Id": i, "Port": 80} for i in net.instances]
    )
    _listen(elbv2, application, servers, "HTTP", 80)
    _listen(
        elbv2, application, servers, "HTTPS", 443,
        Certificates=[{"CertificateArn": account.certificate_arn}],
    )
    _listen(elbv2, network["LoadBalancers"][0]["LoadBalancerArn"], streams, "TCP", 9000)


def _target_group(elbv2: Any, net: Network, name: str, protocol: str, kind: str) -> str:
    answer = elbv2.create_target_group(
        Name=name,
        Protocol=protocol,
        Port=80,
        VpcId=net.vpc,
        TargetType=kind,
        Tags=[{"Key": "owner", "Value": "ada"}],
    )
    return answer["TargetGroups"][0]["TargetGroupArn"]


def _listen(
    elbv2: Any, balancer: str, target: str, protocol: str, port: int, **more: Any
) -> None:
    elbv2.create_listener(
        LoadBalancerArn=balancer,
        Protocol=protocol,
        Port=port,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target}],
        **more,
    )


def _seed_scaling_group(autoscaling: Any, net: Network) -> None:
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="workers",
        InstanceId=net.instances[0],
        MinSize=1,
        MaxSize=3,
        DesiredCapacity=1,
        VPCZoneIdentifier=",".join(net.subnets),
        Tags=[{"Key": "owner", "Value": "ada", "PropagateAtLaunch": False}],
    )


def _seed_database(rds: Any, net: Network, is_bare: bool) -> None:
    common = {
        "DBInstanceClass": "db.t3.micro",
        "AllocatedStorage": 20,
        "MasterUsername": "root",
        "MasterUserPassword": "not-a-secret",
    }
    if is_bare:
        rds.create_db_instance(DBInstanceIdentifier="plain", Engine="mysql", **common)
        return
    rds.create_db_subnet_group(
        DBSubnetGroupName="private", DBSubnetGroupDescription="private", SubnetIds=net.subnets
    )
    rds.create_db_instance(
        DBInstanceIdentifier="orders",
        Engine="postgres",
        DBSubnetGroupName="private",
        VpcSecurityGroupIds=[net.group],
        PubliclyAccessible=True,
        StorageEncrypted=True,
        Tags=[{"Key": "owner", "Value": "ada"}],
        **common,
    )


def _seed_stacks(cloudformation: Any) -> None:
    cloudformation.create_stack(
        StackName="base",
        TemplateBody=TEMPLATE,
        Parameters=[{"ParameterKey": "Owner", "ParameterValue": "ada"}],
        Tags=[{"Key": "owner", "Value": "ada"}],
    )


def _seed_cluster(eks: Any, net: Network, account: Account) -> None:
    eks.create_cluster(
        name="platform",
        roleArn=account.cluster_role_arn,
        resourcesVpcConfig={"subnetIds": net.subnets},
        tags={"owner": "ada"},
    )
    eks.create_nodegroup(
        clusterName="platform",
        nodegroupName="general",
        subnets=net.subnets,
        nodeRole=account.cluster_role_arn,
        tags={"owner": "ada"},
    )


def _seed_alarms(cloudwatch: Any, net: Network) -> None:
    cloudwatch.put_metric_alarm(
        AlarmName="busy",
        AlarmDescription="processor is busy",
        ActionsEnabled=True,
        AlarmActions=[f"arn:aws:sns:{net.region}:123456789012:alarms"],
        MetricName="CPUUtilization",
        Namespace="AWS/EC2",
        Statistic="Average",
        Dimensions=[{"Name": "InstanceId", "Value": net.instances[0]}],
        Period=300,
        EvaluationPeriods=2,
        Threshold=80.0,
        ComparisonOperator="GreaterThanThreshold",
        Tags=[{"Key": "owner", "Value": "ada"}],
    )
