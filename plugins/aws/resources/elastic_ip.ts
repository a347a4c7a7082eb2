import { by, call, change, defineResource, from, to } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";

/** Elastic addresses. Those of EC2-Classic have no allocation: the address itself identifies them. */
export const elasticIp = defineResource({
  kind: "aws_ec2_elastic_ip",
  bases: ["aws_resource", "ip_address"],
  pythonClass: "AWSEC2ElasticIP",
  description: "A public address that the account keeps.",
  service: "ec2",
  scope: "region",
  collector: "elastic_ips",
  list: call("DescribeAddresses", "Addresses[]"),
  id: ["AllocationId", "PublicIp"],
  properties: {
    ip_address: ["PublicIp", "PrivateIpAddress"],
    instance_id: "InstanceId",
    public_ip: "PublicIp",
    allocation_id: "AllocationId",
    association_id: "AssociationId",
    domain: "Domain",
    network_interface_id: "NetworkInterfaceId",
    network_interface_owner_id: "NetworkInterfaceOwnerId",
    private_ip_address: "PrivateIpAddress",
  },
  edges: [
    from("aws_ec2_network_interface", by("id", "NetworkInterfaceId")),
    to("aws_ec2_instance", by("id", "InstanceId")),
  ],
  cleanup: {
    // The address of a gateway is let go by the gateway alone.
    first: [{ kind: "aws_ec2_nat_gateway", sharing: "aws_ec2_network_interface" }],
    loose: {
      association_id: [],
      instance_id: [],
      network_interface_id: [],
      network_interface_owner_id: [],
      private_ip_address: [],
    },
  },
  missing: ["InvalidAllocationID.NotFound", "InvalidAddress.NotFound"],
  change: {
    ...ec2Tagging,
    prepare: [
      change("DisassociateAddress", { AssociationId: "$.association_id" }, {
        when: ["$.association_id"],
      }),
    ],
    delete: [
      change("ReleaseAddress", { AllocationId: "$.allocation_id" }, { when: ["$.allocation_id"] }),
      change("ReleaseAddress", { PublicIp: "$.public_ip" }, { unless: ["$.allocation_id"] }),
    ],
  },
});
