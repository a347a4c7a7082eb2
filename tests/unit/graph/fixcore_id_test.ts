import assert from "node:assert/strict";
import {
  createFixcoreIdentifier,
  type FixcoreIdentity,
  fixcoreIdParts,
} from "../../../lib/graph/mod.ts";
import { type Kind, KindIndex } from "../../../lib/model/mod.ts";

const TABLE = "tests/fixtures/fixcore_ids.ndjson";

/** Kinds of the table with the bases that the rules look at. */
const BASES: Readonly<Record<string, string>> = {
  aws_account: "account",
  aws_region: "region",
  gcp_region: "region",
  example_region: "region",
  dns_record: "resource",
  dns_record_set: "resource",
  aws_route53_resource_record: "dns_record",
  aws_route53_resource_record_set: "dns_record_set",
  example_record: "dns_record",
  example_record_set: "dns_record_set",
};
const OTHERS = [
  "example_instance",
  "aws_vpc",
  "gcp_disk",
  "gcp_sql_user",
  "digitalocean_droplet",
  "azure_machine_learning_usage",
  "aws_cloudwatch_metric_filter",
  "aws_apigateway_resource",
  "aws_cognito_user",
  "aws_sagemaker_app",
];
const KINDS = new KindIndex([
  ...Object.entries(BASES).map(([name, base]) => kind(name, base)),
  ...OTHERS.map((name) => kind(name, "resource")),
]);

type Row = readonly [node: FixcoreIdentity, parts: readonly unknown[], id: string];

Deno.test("fixcoreIdParts: agrees with tuples written out by hand", async () => {
  for (const [node, parts] of await rows()) {
    assert.deepEqual(fixcoreIdParts(KINDS, node), parts, JSON.stringify(node));
  }
});

Deno.test("createFixcoreIdentifier: gives the ids that Python computes", async () => {
  const identifier = await createFixcoreIdentifier(KINDS);
  for (const [node, , id] of await rows()) {
    assert.equal(identifier.id(node), id, JSON.stringify(node));
  }
});

Deno.test("fixcoreIdParts: a property that is no plain value counts as missing", () => {
  const [node] = [{
    kind: "aws_vpc",
    cloud: "aws",
    account: "1",
    region: "eu",
    zone: "undefined",
    id: "i",
    name: "n",
    body: '{"arn":{"a":1}}',
  }];
  assert.deepEqual(fixcoreIdParts(KINDS, node), ["aws_vpc", "aws", "1", "eu", "undefined", "i"]);
});

Deno.test({
  name: "createFixcoreIdentifier: the table is what Python computes here",
  ignore: !await hasPython(),
  fn: async () => {
    const { stdout } = await new Deno.Command("python3", {
      args: ["tests/support/fixcore_id_table.py"],
    }).output();
    assert.equal(new TextDecoder().decode(stdout), await Deno.readTextFile(TABLE));
  },
});

function kind(name: string, base: string): Kind {
  return { name, bases: [base], properties: [] };
}

async function rows(): Promise<readonly Row[]> {
  const table: readonly Row[] = (await Deno.readTextFile(TABLE)).trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  assert.ok(table.length > 20, `${table.length} rows`);
  return table;
}

async function hasPython(): Promise<boolean> {
  try {
    return (await new Deno.Command("python3", { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
