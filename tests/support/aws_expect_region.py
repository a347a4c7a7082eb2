"""The regional kinds of one account and region."""

from typing import Any, Callable

from aws_inventory import Inventory, name_tag, pages, tags_of

ClientOf = Callable[[str], Any]


def expect_region(client: ClientOf, region: str, found: Inventory) -> None:
    """Edges into global nodes (certificates, profiles, roles) are left out: they cross regions."""
    ec2 = client("ec2")
    _network(ec2, found)
    _compute(ec2, found)
    _classic_balancers(client("elb"), found)
    _balancers(client("elbv2"), found)
    for raw in pages(client("autoscaling"), "describe_auto_scaling_groups", "AutoScalingGroups"):
        key = raw["AutoScalingGroupName"]
        found.node("aws_autoscaling_group", key, key, arn=raw["AutoScalingGroupARN"])
        members = [i["InstanceId"] for i in raw["Instances"]]
        found.parents("aws_ec2_instance", members, "aws_autoscaling_group", key)
    _attachments(ec2, found)
    _databases(client("rds"), found)
    for raw in pages(client("cloudformation"), "describe_stacks", "Stacks"):
        found.node("aws_cloudformation_stack", raw["StackId"], raw["StackName"],
                   stack_status=raw["StackStatus"], stack_parameters={
                       p["ParameterKey"]: p["ParameterValue"] for p in raw.get("Parameters", [])})
    _clusters(client("eks"), found)
    _connections(ec2, region, found)
    _alarms(client("cloudwatch"), found)


def _network(ec2: Any, found: Inventory) -> None:
    for raw in pages(ec2, "describe_vpcs", "Vpcs"):
        key = raw["VpcId"]
        found.node("aws_vpc", key, name_tag(raw, key), is_default=raw["IsDefault"])
    for raw in pages(ec2, "describe_subnets", "Subnets"):
        _in_vpc(found, "aws_ec2_subnet", raw["SubnetId"], raw)
    for raw in pages(ec2, "describe_route_tables", "RouteTables"):
        _in_vpc(found, "aws_ec2_route_table", raw["RouteTableId"], raw)
    for raw in pages(ec2, "describe_security_groups", "SecurityGroups"):
        key = raw["GroupId"]
        found.node("aws_ec2_security_group", key, raw["GroupName"])
        found.edge("aws_vpc", raw["VpcId"], "aws_ec2_security_group", key)
    for raw in pages(ec2, "describe_internet_gateways", "InternetGateways"):
        key = raw["InternetGatewayId"]
        found.node("aws_ec2_internet_gateway", key, name_tag(raw, key))
        attached = [a["VpcId"] for a in raw["Attachments"]]
        found.parents("aws_vpc", attached, "aws_ec2_internet_gateway", key)
    for raw in pages(ec2, "describe_key_pairs", "KeyPairs"):
        found.node("aws_ec2_keypair", raw["KeyPairId"], raw["KeyName"])


def _in_vpc(found: Inventory, kind: str, key: str, raw: Any) -> None:
    found.node(kind, key, name_tag(raw, key), tags=tags_of(raw))
    found.edge("aws_vpc", raw["VpcId"], kind, key)


def _compute(ec2: Any, found: Inventory) -> None:
    keypairs = {node["name"]: key for key, node in found.nodes.get("aws_ec2_keypair", {}).items()}
    for reservation in pages(ec2, "describe_instances", "Reservations"):
        for raw in reservation["Instances"]:
            key = raw["InstanceId"]
            found.node(
                "aws_ec2_instance",
                key,
                tags_of(raw).get("Name") or key,
                instance_type=raw["InstanceType"],
                state=raw["State"]["Name"],
            )
            found.edge("aws_ec2_keypair", keypairs.get(raw.get("KeyName")), "aws_ec2_instance", key)
    for raw in pages(ec2, "describe_volumes", "Volumes"):
        key = raw["VolumeId"]
        found.node("aws_ec2_volume", key, name_tag(raw, key), volume_size=raw["Size"],
                   volume_type=raw["VolumeType"], volume_status=raw["State"])
        for attachment in raw["Attachments"]:
            found.edge("aws_ec2_volume", key, "aws_ec2_instance", attachment["InstanceId"])
    for raw in pages(ec2, "describe_launch_templates", "LaunchTemplates"):
        key, name = raw["LaunchTemplateId"], raw["LaunchTemplateName"]
        found.node("aws_ec2_launch_template", key, name, tags=tags_of(raw))
    for raw in pages(ec2, "describe_snapshots", "Snapshots", OwnerIds=["self"]):
        key = raw["SnapshotId"]
        found.node("aws_ec2_snapshot", key, name_tag(raw, key), volume_size=raw["VolumeSize"])


def _classic_balancers(elb: Any, found: Inventory) -> None:
    for raw in pages(elb, "describe_load_balancers", "LoadBalancerDescriptions"):
        key, name = raw["DNSName"], raw["LoadBalancerName"]
        described = elb.describe_tags(LoadBalancerNames=[name])["TagDescriptions"]
        backends = [i["InstanceId"] for i in raw["Instances"]]
        found.node("aws_elb", key, name, backends=backends, tags=tags_of(described[0]))
        found.parents("aws_vpc", [raw.get("VPCId")], "aws_elb", key)
        found.parents("aws_ec2_instance", backends, "aws_elb", key)
        found.parents("aws_ec2_subnet", raw["Subnets"], "aws_elb", key)
        found.parents("aws_ec2_security_group", raw["SecurityGroups"], "aws_elb", key)


def _balancers(elbv2: Any, found: Inventory) -> None:
    names = {}
    for raw in pages(elbv2, "describe_load_balancers", "LoadBalancers"):
        arn, key = raw["LoadBalancerArn"], raw["LoadBalancerName"]
        names[arn] = key
        described = elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"]
        pages(elbv2, "describe_listeners", "Listeners", LoadBalancerArn=arn)
        found.node("aws_alb", key, key, arn=arn, tags=tags_of(described[0]))
        found.edge("aws_vpc", raw.get("VpcId"), "aws_alb", key)
        subnets = [zone.get("SubnetId") for zone in raw["AvailabilityZones"]]
        found.parents("aws_ec2_subnet", subnets, "aws_alb", key)
        found.parents("aws_ec2_security_group", raw.get("SecurityGroups", []), "aws_alb", key)
    for raw in pages(elbv2, "describe_target_groups", "TargetGroups"):
        _target_group(elbv2, raw, names, found)


def _target_group(elbv2: Any, raw: Any, balancers: Any, found: Inventory) -> None:
    arn, key = raw["TargetGroupArn"], raw["TargetGroupName"]
    described = elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"]
    found.node("aws_alb_target_group", key, key, arn=arn, target_type=raw["TargetType"],
               tags=tags_of(described[0]))
    found.edge("aws_vpc", raw.get("VpcId"), "aws_alb_target_group", key)
    for balancer in raw.get("LoadBalancerArns", []):
        found.edge("aws_alb_target_group", key, "aws_alb", balancers.get(balancer))
    if raw["TargetType"] == "instance":
        health = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        targets = [h["Target"]["Id"] for h in health]
        found.parents("aws_ec2_instance", targets, "aws_alb_target_group", key)


def _attachments(ec2: Any, found: Inventory) -> None:
    for raw in pages(ec2, "describe_network_acls", "NetworkAcls"):
        key = raw["NetworkAclId"]
        _in_vpc(found, "aws_ec2_network_acl", key, raw)
        for association in raw["Associations"]:
            found.edge("aws_ec2_network_acl", key, "aws_ec2_subnet", association["SubnetId"])
    for raw in pages(ec2, "describe_network_interfaces", "NetworkInterfaces"):
        _interface(raw, found)
    for raw in pages(ec2, "describe_nat_gateways", "NatGateways"):
        key = raw["NatGatewayId"]
        _in_vpc(found, "aws_ec2_nat_gateway", key, raw)
        found.edge("aws_ec2_subnet", raw["SubnetId"], "aws_ec2_nat_gateway", key)
        used = [a.get("NetworkInterfaceId") for a in raw["NatGatewayAddresses"]]
        found.parents("aws_ec2_network_interface", used, "aws_ec2_nat_gateway", key)


def _interface(raw: Any, found: Inventory) -> None:
    kind, key = "aws_ec2_network_interface", raw["NetworkInterfaceId"]
    found.node(kind, key, key, network_interface_status=raw["Status"], mac=raw["MacAddress"])
    found.edge("aws_vpc", raw["VpcId"], kind, key)
    found.edge("aws_ec2_subnet", raw["SubnetId"], kind, key)
    found.parents("aws_ec2_security_group", [g["GroupId"] for g in raw["Groups"]], kind, key)
    instance = raw.get("Attachment", {}).get("InstanceId")
    found.edge(kind, key, "aws_ec2_instance", instance)


def _databases(rds: Any, found: Inventory) -> None:
    kind = "aws_rds_instance"
    for raw in pages(rds, "describe_db_instances", "DBInstances"):
        key = raw["DbiResourceId"]
        found.node(kind, key, raw["DBInstanceIdentifier"], db_type=raw["Engine"],
                   db_status=raw["DBInstanceStatus"])
        groups = [g["VpcSecurityGroupId"] for g in raw["VpcSecurityGroups"]]
        found.parents("aws_ec2_security_group", groups, kind, key)
        placed = raw.get("DBSubnetGroup") or {}
        found.edge("aws_vpc", placed.get("VpcId"), kind, key)
        subnets = [s["SubnetIdentifier"] for s in placed.get("Subnets", [])]
        found.parents("aws_ec2_subnet", subnets, kind, key)


def _clusters(eks: Any, found: Inventory) -> None:
    for name in pages(eks, "list_clusters", "clusters"):
        raw = eks.describe_cluster(name=name)["cluster"]
        found.node("aws_eks_cluster", raw["arn"], name, cluster_status=raw["status"],
                   tags=raw["tags"])
        for group in pages(eks, "list_nodegroups", "nodegroups", clusterName=name):
            node = eks.describe_nodegroup(clusterName=name, nodegroupName=group)["nodegroup"]
            key = node["nodegroupArn"]
            found.node("aws_eks_nodegroup", key, group, cluster_name=name, tags=node["tags"])
            found.edge("aws_eks_cluster", raw["arn"], "aws_eks_nodegroup", key)
            scaling = (node.get("resources") or {}).get("autoScalingGroups", [])
            used = [group["name"] for group in scaling]
            found.parents("aws_autoscaling_group", used, "aws_eks_nodegroup", key)


def _connections(ec2: Any, region: str, found: Inventory) -> None:
    for raw in pages(ec2, "describe_vpc_peering_connections", "VpcPeeringConnections"):
        kind, key = "aws_vpc_peering_connection", raw["VpcPeeringConnectionId"]
        found.node(kind, key, name_tag(raw, key), status=raw["Status"]["Code"])
        for side in (raw["AccepterVpcInfo"], raw["RequesterVpcInfo"]):
            if side.get("Region") == region:
                found.edge("aws_vpc", side.get("VpcId"), kind, key)
    for raw in pages(ec2, "describe_vpc_endpoints", "VpcEndpoints"):
        _endpoint(raw, found)
    for raw in pages(ec2, "describe_addresses", "Addresses"):
        kind, key = "aws_ec2_elastic_ip", raw["AllocationId"]
        found.node(kind, key, name_tag(raw, key), public_ip=raw["PublicIp"])
        found.edge(kind, key, "aws_ec2_instance", raw.get("InstanceId"))
        found.edge("aws_ec2_network_interface", raw.get("NetworkInterfaceId"), kind, key)


def _endpoint(raw: Any, found: Inventory) -> None:
    kind, key = "aws_vpc_endpoint", raw["VpcEndpointId"]
    _in_vpc(found, kind, key, raw)
    found.parents("aws_ec2_route_table", raw.get("RouteTableIds") or [], kind, key)
    found.parents("aws_ec2_subnet", raw.get("SubnetIds") or [], kind, key)
    groups = [g["GroupId"] for g in raw.get("Groups") or []]
    found.parents("aws_ec2_security_group", groups, kind, key)
    interfaces = raw.get("NetworkInterfaceIds") or []
    found.parents("aws_ec2_network_interface", interfaces, kind, key)


def _alarms(cloudwatch: Any, found: Inventory) -> None:
    kind = "aws_cloudwatch_alarm"
    for raw in pages(cloudwatch, "describe_alarms", "MetricAlarms"):
        key, arn = raw["AlarmName"], raw["AlarmArn"]
        tags = cloudwatch.list_tags_for_resource(ResourceARN=arn)
        found.node(kind, key, key, arn=arn, threshold=raw["Threshold"], tags=tags_of(tags))
        for dimension in raw["Dimensions"]:
            if dimension["Name"] == "InstanceId":
                found.edge(kind, key, "aws_ec2_instance", dimension["Value"])
