import {
  type ActionGraph,
  type ActionNode,
  type Decision,
  type Generation,
  obstacle,
  queryWords,
} from "ckworker";
import { type Accounts, isListed } from "./config.ts";

const VPC = "aws_vpc";
const INSTANCE = "aws_ec2_instance";

/** Kinds whose properties the rules look at. */
export const KINDS = [VPC, INSTANCE] as const;

/** What goes with its VPC. */
export const DEPENDANTS: readonly string[] = [
  "aws_alb",
  "aws_alb_target_group",
  "aws_ec2_elastic_ip",
  "aws_ec2_internet_gateway",
  "aws_ec2_nat_gateway",
  "aws_ec2_network_acl",
  "aws_ec2_network_interface",
  "aws_ec2_route_table",
  "aws_ec2_security_group",
  "aws_ec2_subnet",
  "aws_elb",
  "aws_vpc_endpoint",
  "aws_vpc_peering_connection",
];

/** Dependants that a reason names before it only counts. */
const NAMED = 10;

/** VPCs that are to be cleaned up, with everything below and above them. */
export function vpcsQuery(dialect: Generation): string {
  const { path, text } = queryWords(dialect);
  return `${path("reported.kind")} == ${text(VPC)} and ${path("desired.clean")} == true and ` +
    `${path("metadata.cleaned")} != true <-[0:]->`;
}

/** What is to become of marked VPCs and of what is in them. */
export function decideVpcs(
  graph: ActionGraph,
  accounts: Accounts | undefined,
): readonly Decision[] {
  const spared = new Set<string>();
  const marks = new Map<string, Decision>();
  const about: Decision[] = [];
  for (const vpc of graph.nodes()) {
    if (vpc.kind !== VPC || !vpc.isMarked || vpc.isCleaned || vpc.isProtected) continue;
    if (!isListed(accounts, vpc)) continue;
    const inside = graph.descendants(vpc.id);
    const live = inside.filter(isLive);
    if (live.length > 0) {
      about.push({ type: "unmark", node: vpc.id, reason: `VPC is in use by ${named(live)}` });
      for (const { id } of inside) spared.add(id);
      continue;
    }
    // Nobody could look lately what is in it.
    if (obstacle(vpc) !== undefined) continue;
    for (const node of inside.filter(goesWithVpc)) marks.set(node.id, markOf(node, vpc));
    const staying = inside.filter(stays);
    if (staying.length > 0) about.push(noteOf(vpc, staying));
  }
  return [...about, ...[...marks.values()].filter(({ node }) => !spared.has(node))];
}

/** It runs or may run, and nobody is going to end it. */
function isLive({ kind, reported, isMarked, isProtected, isCleaned }: ActionNode): boolean {
  if (kind !== INSTANCE || isCleaned) return false;
  const status = reported["instance_status"];
  if (status === "terminated" || status === "shutting-down") return false;
  return !isMarked || isProtected;
}

function goesWithVpc(node: ActionNode): boolean {
  return DEPENDANTS.includes(node.kind) && !node.isMarked && obstacle(node) === undefined;
}

/** It is still there when the VPC is to be deleted. */
function stays(node: ActionNode): boolean {
  if (node.isCleaned || node.isPhantom || isGone(node) || goesWithVpc(node)) return false;
  return !node.isMarked || obstacle(node) !== undefined;
}

function isGone({ kind, reported }: ActionNode): boolean {
  return kind === INSTANCE && reported["instance_status"] === "terminated";
}

function markOf(node: ActionNode, vpc: ActionNode): Decision {
  const reason = `VPC ${vpc.resource} that it belongs to is to be cleaned up`;
  return { type: "mark", node: node.id, reason };
}

function noteOf(vpc: ActionNode, staying: readonly ActionNode[]): Decision {
  const reason = `Deletion will probably fail: in the VPC stays ${named(staying)}`;
  return { type: "note", node: vpc.id, reason };
}

function named(nodes: readonly ActionNode[]): string {
  const names = nodes.slice(0, NAMED).map((node) =>
    `${node.kind} ${node.resource.slice(0, 100)}${node.isProtected ? " (protected)" : ""}`
  );
  const more = nodes.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
