import { by, call, change, defineResource, from, to } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";
import { list, text } from "../engine/path.ts";

/** Network interfaces. */
export const networkInterface = defineResource({
  kind: "aws_ec2_network_interface",
  bases: ["aws_resource", "network_interface"],
  pythonClass: "AWSEC2NetworkInterface",
  description: "A network card of an instance, a gateway, an endpoint or a service.",
  service: "ec2",
  scope: "region",
  collector: "network_interfaces",
  list: call("DescribeNetworkInterfaces", "NetworkInterfaces[]", { MaxResults: 1000 }),
  id: "NetworkInterfaceId",
  name: "NetworkInterfaceId",
  properties: {
    network_interface_status: "Status",
    network_interface_type: "InterfaceType",
    mac: "MacAddress",
    private_ips: "PrivateIpAddresses[].PrivateIpAddress",
    // As long as the private ones: position tells which belong together.
    public_ips: (raw) =>
      list(raw, "PrivateIpAddresses").map((address) => text(address, "Association.PublicIp") ?? ""),
    v6_ips: "Ipv6Addresses[].Ipv6Address",
  },
  edges: [
    from("aws_vpc", by("id", "VpcId")),
    from("aws_ec2_subnet", by("id", "SubnetId")),
    from("aws_ec2_security_group", by("id", "Groups[].GroupId")),
    to("aws_ec2_instance", by("id", "Attachment.InstanceId")),
  ],
  read: call("DescribeNetworkInterfaces", "NetworkInterfaces[]", { NetworkInterfaceIds: ["$id"] }),
  cleanup: {
    along: [
      {
        with: ["aws_ec2_nat_gateway", "aws_vpc_endpoint"],
        when: { requester_managed: [true] },
        only: true,
      },
      { with: ["aws_ec2_instance"], when: { "attachment.delete_on_termination": [true] } },
    ],
    loose: {
      association: [],
      attachment: [],
      network_interface_status: ["available"],
      private_ip_addresses: [],
      public_dns_name: [],
      public_ips: [],
    },
  },
  missing: ["InvalidNetworkInterfaceID.NotFound"],
  change: {
    ...ec2Tagging,
    delete: [change("DeleteNetworkInterface", { NetworkInterfaceId: "$id" })],
  },
});
