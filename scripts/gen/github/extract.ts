/**
 * Writes `tests/fixtures/github/api.json`: for each operation that the GitHub plugin calls the schema
 * of its answer and an example, out of GitHub's own description. Run by hand when the description
 * has a new version worth testing against:
 *
 *     npm install --no-save @octokit/openapi@23.0.2
 *     deno run -A scripts/gen/github/extract.ts node_modules/@octokit/openapi/generated/api.github.com.json
 *
 * @module
 */
import process from "node:process";
import { z } from "zod";

const OPERATIONS = [
  "GET /orgs/{org}",
  "GET /orgs/{org}/hooks",
  "GET /orgs/{org}/members",
  "GET /orgs/{org}/outside_collaborators",
  "GET /orgs/{org}/repos",
  "GET /orgs/{org}/teams",
  "GET /orgs/{org}/teams/{team_slug}/members",
  "GET /orgs/{org}/teams/{team_slug}/repos",
  "GET /repos/{owner}/{repo}",
  "GET /repos/{owner}/{repo}/collaborators",
  "GET /repos/{owner}/{repo}/hooks",
  "GET /repos/{owner}/{repo}/pulls",
  "GET /users/{username}",
  "POST /app/installations/{installation_id}/access_tokens",
] as const;

const TARGET = "tests/fixtures/github/api.json";
const REF = "#/components/";

const json = z.record(z.string(), z.unknown());
const answers = z.looseObject({
  content: z.looseObject({
    "application/json": z.looseObject({ schema: json, examples: json.optional() }),
  }),
});
const description = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ responses: z.looseObject({}) })),
  ),
  components: z.record(z.string(), json),
});
type Description = z.infer<typeof description>;

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main([path]: readonly string[]): Promise<number> {
  if (path === undefined) {
    process.stderr.write("Usage: scripts/gen/github/extract.ts DESCRIPTION\n");
    return 2;
  }
  const api = description.parse(JSON.parse(await Deno.readTextFile(path)));
  const definitions: Record<string, unknown> = {};
  const operations = OPERATIONS.map((route) =>
    [route, operation(api, route, definitions)] as const
  );
  const text = JSON.stringify({
    operations: Object.fromEntries(operations),
    definitions: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => a < b ? -1 : 1)),
  });
  await Deno.writeTextFile(TARGET, `${text}\n`);
  process.stdout.write(`${TARGET}: written\n`);
  return 0;
}

/** Schema of an operation's good answer, and the first example of it. */
function operation(api: Description, route: string, definitions: Record<string, unknown>) {
  const [method = "", path = ""] = route.split(" ");
  const { responses = {} } = api.paths[path]?.[method.toLowerCase()] ?? {};
  const { content } = answers.parse(responses["200"] ?? responses["201"]);
  const { schema, examples = {} } = content["application/json"];
  const [example] = Object.values(examples).map((each) => resolve(api, json.parse(each)));
  return { schema: collect(api, schema, definitions), example: example?.["value"] };
}

/** A schema with its references led to `definitions`, which take what they name. */
function collect(api: Description, value: unknown, definitions: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((each) => collect(api, each, definitions));
  if (typeof value !== "object" || value === null) return value;
  const ref: unknown = Reflect.get(value, "$ref");
  if (typeof ref === "string") {
    const name = ref.slice(ref.lastIndexOf("/") + 1);
    if (!(name in definitions)) {
      definitions[name] = true;
      definitions[name] = collect(api, resolve(api, { $ref: ref }), definitions);
    }
    return { $ref: `#/definitions/${name}` };
  }
  const kept = Object.entries(value).filter(([key, part]) => !isDecoration(key, part));
  return Object.fromEntries(kept.map(([key, part]) => [key, collect(api, part, definitions)]));
}

/** What says nothing about the form of a value; members of a schema may be called alike. */
function isDecoration(key: string, part: unknown): boolean {
  return (key === "description" || key === "title") && typeof part === "string" ||
    key === "example" || key === "examples" && !isSchema(part) || key.startsWith("x-");
}

function isSchema(part: unknown): boolean {
  return typeof part === "object" && part !== null && ("type" in part || "$ref" in part);
}

function resolve(api: Description, value: Record<string, unknown>): Record<string, unknown> {
  const { $ref: ref } = value;
  if (typeof ref !== "string" || !ref.startsWith(REF)) return value;
  const [group = "", name = ""] = ref.slice(REF.length).split("/");
  return json.parse(api.components[group]?.[name]);
}
