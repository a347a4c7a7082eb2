import { type OperationFacts, SERVICES_FACTS } from "../../../scripts/gen/gcp/facts.ts";
import { problemsOf } from "./validate.ts";

/** A request as the description of an API has it. */
export interface DescribedCall {
  readonly service: string;
  /** `disks.aggregatedList`. */
  readonly operation: string;
  readonly facts: OperationFacts;
  /** Of path and query, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Template {
  readonly service: string;
  readonly operation: string;
  readonly facts: OperationFacts;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

const TEMPLATES: readonly Template[] = Object.entries(SERVICES_FACTS).flatMap(
  ([service, { base, operations }]) =>
    Object.entries(operations).map(([operation, facts]): Template => ({
      service,
      operation,
      facts,
      ...patternOf(`/${base}${facts.path}`, operation),
    })),
);

/** An API that has paths of another one is told by a part in front. */
const PREFIX = /^\/(firestore)(?=\/)/;

/** Finds what a request calls; undefined where no API has such an operation. */
export async function describeCall(request: Request): Promise<DescribedCall | undefined> {
  const url = new URL(request.url);
  const { searchParams } = url;
  const [, own] = PREFIX.exec(url.pathname) ?? [];
  const pathname = url.pathname.replace(PREFIX, "");
  for (const { pattern, names, facts, service, operation } of TEMPLATES) {
    if (own !== undefined && own !== service) continue;
    const found = facts.method === request.method ? pattern.exec(pathname) : null;
    if (found === null) continue;
    const inPath = names.map((name, i) => [name, decodeURIComponent(found[i + 1] ?? "")]);
    const parameters = Object.fromEntries([...searchParams, ...inPath]);
    const text = await request.text();
    return {
      service,
      operation,
      facts,
      parameters,
      body: text === "" ? undefined : JSON.parse(text),
    };
  }
  return undefined;
}

/** What of a request its API would not take. */
export function problemsOfCall(
  { service, facts, parameters, body }: DescribedCall,
): readonly string[] {
  const names = Object.keys(parameters);
  return [
    ...names.filter((name) => !Object.hasOwn(facts.parameters, name))
      .map((name) => `unknown parameter ${name}`),
    ...facts.required.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
    ...names.flatMap((name) => problemsOfText(name, parameters[name] ?? "", facts)),
    ...facts.request === undefined
      ? body === undefined ? [] : ["there is a body"]
      : problemsOf(service, withoutNulls(body), facts.request, "body"),
  ];
}

function problemsOfText(
  name: string,
  text: string,
  { parameters }: OperationFacts,
): readonly string[] {
  const type = parameters[name]?.split(" ").at(-1) ?? "string";
  const isWrong = (type === "int64" && !/^\d+$/.test(text)) ||
    (type === "boolean" && !/^(true|false)$/.test(text));
  return isWrong ? [`${name} is no ${type}`] : [];
}

/** Null takes a member away. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, each]) => each !== null)
      .map(([name, each]) => [name, withoutNulls(each)]),
  );
}

/** A name is that of an object of the collection, or of what is above it. */
function patternOf(
  template: string,
  operation: string,
): { readonly pattern: RegExp; readonly names: readonly string[] } {
  const names = [...template.matchAll(/\{\+?([^}]+)\}/g)].map(([, name = ""]) => name);
  const parts = operation.split(".").slice(0, -1).map((part) => `${part}/[^/]+`);
  const isList = operation.endsWith(".list");
  const shape = (isList ? parts.slice(0, -1) : parts).join("/");
  const source = template.replaceAll(/\{\+[^}]+\}/g, `(${shape})`)
    .replaceAll(/\{[^}]+\}/g, "([^/:]+)");
  return { pattern: new RegExp(`^${source}$`), names };
}
