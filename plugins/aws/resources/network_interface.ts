import { by, call, change, defineResource, from, type Raw, to } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";
import { list, text } from "../engine/path.ts";

/** Whose instances are behind interfaces of load balancers, and types of interfaces with none. */
const BALANCERS = "amazon-elb";
const BALANCER_TYPES = ["network_load_balancer", "gateway_load_balancer"];

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
    to("aws_alb", by("id", (raw) => balancerOf(raw)?.later)),
    to("aws_elb", by("id", (raw) => balancerOf(raw)?.classic)),
  ],
  read: call("DescribeNetworkInterfaces", "NetworkInterfaces[]", { NetworkInterfaceIds: ["$id"] }),
  cleanup: {
    along: [
      {
        with: ["aws_ec2_nat_gateway", "aws_vpc_endpoint"],
        when: { requester_managed: [true] },
        only: true,
      },
      // They go some minutes after their balancer.
      {
        with: ["aws_alb", "aws_elb"],
        when: { "attachment.instance_owner_id": [BALANCERS] },
        only: true,
      },
      { with: ["aws_alb"], when: { network_interface_type: BALANCER_TYPES }, only: true },
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

/** `ELB app/<name>/<id>`, with net or gwy for the other types; classic ones have the name alone. */
const MADE_FOR = /^ELB (?:(app|net|gwy)\/)?([^/]+)(?:\/[^/]+)?$/;

/** The load balancer that an interface was made for; anybody can write a description. */
function balancerOf(raw: Raw): { readonly later?: string; readonly classic?: string } | undefined {
  const isTheirs = text(raw, "Attachment.InstanceOwnerId") === BALANCERS ||
    BALANCER_TYPES.includes(text(raw, "InterfaceType") ?? "");
  const [, type, name] = MADE_FOR.exec(text(raw, "Description") ?? "") ?? [];
  if (!isTheirs || name === undefined) return undefined;
  return type === undefined ? { classic: name } : { later: name };
}
