import { by, call, defineResource, from } from "../resource.ts";
import { accessTimes } from "../hooks/metrics.ts";
import { number, text } from "../engine/path.ts";

/**
 * Database instances. One that is being created has no endpoint yet, and one outside of a VPC no
 * subnet group.
 */
export const rdsInstance = defineResource({
  kind: "aws_rds_instance",
  bases: ["aws_resource", "database"],
  pythonClass: "AWSRDSInstance",
  description: "A managed database; never deleted by a clean-up.",
  service: "rds",
  scope: "region",
  collector: "rds_instances",
  list: call("DescribeDBInstances", "DBInstances[]"),
  id: "DbiResourceId",
  name: "DBInstanceIdentifier",
  arn: "DBInstanceArn",
  ctime: "InstanceCreateTime",
  atime: "Access.Atime",
  mtime: "Access.Mtime",
  attach: {
    Access: accessTimes({
      namespace: "AWS/RDS",
      dimension: ["DBInstanceIdentifier", "DBInstanceIdentifier"],
      atime: "DatabaseConnections",
      mtime: "DatabaseConnections",
      ctime: "InstanceCreateTime",
    }),
  },
  volatile: ["atime", "mtime", "latest_restorable_time"],
  properties: {
    db_type: "Engine",
    db_version: "EngineVersion",
    db_status: "DBInstanceStatus",
    db_endpoint: ({ Endpoint: endpoint }) => {
      const address = text(endpoint, "Address");
      const port = number(endpoint, "Port");
      return address === undefined || port === undefined ? undefined : `${address}:${port}`;
    },
    db_publicly_accessible: "PubliclyAccessible",
    instance_type: "DBInstanceClass",
    volume_size: "AllocatedStorage",
    volume_iops: "Iops",
    volume_encrypted: "StorageEncrypted",
    volume_kms_key_id: "KmsKeyId",
  },
  edges: [
    from("aws_ec2_security_group", by("id", "VpcSecurityGroups[].VpcSecurityGroupId")),
    from("aws_vpc", by("id", "DBSubnetGroup.VpcId")),
    from("aws_ec2_subnet", by("id", "DBSubnetGroup.Subnets[].SubnetIdentifier")),
  ],
  missing: ["DBInstanceNotFound"],
});
