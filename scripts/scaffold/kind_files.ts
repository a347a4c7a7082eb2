/** A plain AWS kind to be written: one listing, no hooks. */
export interface KindRequest {
  /** `aws_ec2_launch_template`. */
  readonly kind: string;
  /** Service as in plugins/aws, `ec2`. */
  readonly service: string;
  /** Operation that lists, `DescribeLaunchTemplates`. */
  readonly operation: string;
  /** Member of the answer with the list, `LaunchTemplates`. */
  readonly result: string;
  /** Member with the id, `LaunchTemplateId`. */
  readonly id: string;
}

/** Whether the words can stand where they are to stand. */
export function isKindRequest(request: KindRequest): boolean {
  return /^aws_[a-z0-9]+(_[a-z0-9]+)+$/.test(request.kind) &&
    /^[a-z0-9-]+$/.test(request.service) &&
    [request.operation, request.result, request.id].every((name) => /^[A-Za-z]\w*$/.test(name));
}

/** Declaration, fixture and test of a plain AWS kind, by path from the project's root. */
export function kindFiles(request: KindRequest): ReadonlyMap<string, string> {
  const thing = request.kind.replace(/^aws_(ec2_)?/, "");
  return new Map([
    [`plugins/aws/resources/${thing}.ts`, declaration(request, thing)],
    [`tests/fixtures/aws/${request.operation}.json`, fixture(request)],
    [`tests/unit/plugins/aws/resources/${thing}_test.ts`, test(request, thing)],
  ]);
}

function declaration({ kind, service, operation, result, id }: KindRequest, thing: string): string {
  return `import { call, defineResource } from "../resource.ts";

/** ${sentence(thing)}. */
export const ${camel(thing)} = defineResource({
  kind: "${kind}",
  bases: ["aws_resource", "resource"],
  description: "${sentence(thing)}.",
  service: "${service}",
  scope: "region",
  collector: "${thing}s",
  list: call("${operation}", "${result}[]"),
  id: "${id}",
});
`;
}

function fixture({ result, id }: KindRequest): string {
  return `{
  "${result}": [
    { "${id}": "id-1", "Tags": [{ "Key": "Name", "Value": "first" }] }
  ]
}
`;
}

function test({ kind, operation }: KindRequest, thing: string): string {
  const name = camel(thing);
  return `import assert from "node:assert/strict";
import { ${name} } from "../../../../../plugins/aws/resources/${thing}.ts";
import { listFrom, recorded, theNode } from "../../../../support/aws_listing.ts";

Deno.test("${
    thing.replaceAll("_", " ")
  }: has the id and the name that the cloud gave it", async () => {
  const answers = { ${operation}: () => recorded("${operation}") };
  const node = theNode(await listFrom(answers, ${name}), "${kind}");
  assert.deepEqual([node.id, node.name], ["id-1", "first"]);
});
`;
}

function camel(snake: string): string {
  return snake.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function sentence(snake: string): string {
  const words = snake.replaceAll("_", " ");
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}s`;
}
