import { z } from "zod";
import type { KindIndex } from "../model/mod.ts";
import { createNodeIdentifier, type IdPart } from "./node_id.ts";

/** What the later generation of cores computes a node id from. */
export interface FixcoreIdentity {
  readonly kind: string;
  /**
   * Ids of the node's ancestors, of a cloud, account, region or zone its own in its place; the text
   * `undefined` where there is none.
   */
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  readonly id: string;
  readonly name: string;
  /** JSON object of the properties without kind, id and name. */
  readonly body: string;
  /** Id of the DNS zone above a DNS record; absent when there is none. */
  readonly dnsZone?: string;
}

/** Computes the node ids of the later generation of cores. */
export interface FixcoreIdentifier {
  /** 22 characters of unpadded, URL-safe base64. */
  id(node: FixcoreIdentity): string;
}

/** Loads the hash function once; everything after that is synchronous. */
export async function createFixcoreIdentifier(kinds: KindIndex): Promise<FixcoreIdentifier> {
  const identifier = await createNodeIdentifier();
  return { id: (node) => identifier.id(fixcoreIdParts(kinds, node)) };
}

/**
 * The parts that a node id is the hash of: the identity without the name, and for some kinds more.
 * The body is read only where a rule asks for a property.
 */
export function fixcoreIdParts(kinds: KindIndex, node: FixcoreIdentity): readonly IdPart[] {
  const properties = reader(node);
  const rule = RULES.find(([kind]) => kinds.is(node.kind, kind))?.[1];
  if (rule !== undefined) return rule(node, properties);
  return [...identity(node), ...providerParts(node, properties)];
}

type Properties = (name: string) => IdPart;
type Rule = (node: FixcoreIdentity, property: Properties) => readonly IdPart[];

const UNDEFINED = "undefined";
const scalar = z.union([z.string(), z.int(), z.boolean()]).nullable().catch(null);
const object = z.record(z.string(), z.unknown()).catch({});

/** By kind or base kind; the first that fits counts, so those of providers stand first. */
const RULES: readonly (readonly [string, Rule])[] = [
  ["aws_region", named],
  ["gcp_region", (node, property) => [...named(node), ...present(property("link"))]],
  ["aws_route53_resource_record", (node, property) => [
    ...dnsRecord(node, property),
    ...present(property("arn")),
    property("record_set_identifier"),
  ]],
  ["aws_route53_resource_record_set", (node, property) => [
    ...dnsPlace(node),
    node.name === "" ? node.id : node.name,
    property("record_type"),
    property("record_set_identifier"),
  ]],
  ["aws_cloudwatch_metric_filter", withProperty("log_group_name")],
  ["aws_apigateway_resource", withProperty("api_link")],
  ["aws_cognito_user", (node, property) => [
    ...identity(node),
    ...present(property("arn")),
    ...present(property("pool_name")),
  ]],
  ["aws_sagemaker_app", (node, property) => [...named(node), property("user_profile_name")]],
  ["gcp_sql_user", (node, property) => [
    ...identity(node),
    ...present(property("link")),
    property("instance"),
  ]],
  ["azure_machine_learning_usage", named],
  ["dns_record_set", (node, property) => [...dnsPlace(node), node.name, property("record_type")]],
  ["dns_record", dnsRecord],
  ["region", named],
];

/** The property by which a provider tells its resources apart, part of the id where it is there. */
const PROVIDER_PARTS: ReadonlyMap<string, string> = new Map([
  ["aws", "arn"],
  ["gcp", "link"],
  ["digitalocean", "urn"],
]);

function providerParts({ kind }: FixcoreIdentity, property: Properties): readonly IdPart[] {
  const name = PROVIDER_PARTS.get(kind.slice(0, kind.indexOf("_")));
  return name === undefined ? [] : present(property(name));
}

function identity({ kind, cloud, account, region, zone, id }: FixcoreIdentity): readonly IdPart[] {
  return [kind, cloud, account, region, zone, id];
}

function named(node: FixcoreIdentity): readonly IdPart[] {
  return [...identity(node), node.name];
}

function withProperty(name: string): Rule {
  return (node, property) => [...identity(node), property(name)];
}

function dnsPlace(node: FixcoreIdentity): readonly IdPart[] {
  const { kind, cloud, account, region, zone, dnsZone = UNDEFINED, id } = node;
  return [kind, cloud, account, region, zone, dnsZone, id];
}

function dnsRecord(node: FixcoreIdentity, property: Properties): readonly IdPart[] {
  return [...dnsPlace(node), node.name, property("record_type"), property("record_data")];
}

function present(part: IdPart): readonly IdPart[] {
  return part === null ? [] : [part];
}

/** Reads a property; null when it is missing or no plain value. The body is parsed once, if at all. */
function reader({ body }: FixcoreIdentity): Properties {
  let properties: Readonly<Record<string, unknown>> | undefined;
  return (name) => {
    properties ??= object.parse(JSON.parse(body));
    return scalar.parse(properties[name] ?? null);
  };
}
