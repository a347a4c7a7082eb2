import { z } from "zod";
import api from "../../fixtures/github/api.json" with { type: "json" };
import { type FakeApi, startFakeApi } from "./fake_api.ts";

/** What the simulated GitHub holds; every answer is checked against GitHub's own description. */
export interface GithubEstate {
  /** Members by organisation. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  readonly outsiders: Readonly<Record<string, readonly string[]>>;
  readonly repos: Readonly<Record<string, readonly string[]>>;
  readonly teams: Readonly<Record<string, readonly Team[]>>;
  readonly users: readonly string[];
  /** Collaborators by full name of the repository. */
  readonly collaborators: Readonly<Record<string, readonly string[]>>;
}

interface Team {
  readonly slug: string;
  readonly members: readonly string[];
  readonly repos: readonly string[];
  readonly parent?: string;
}

/** A simulated GitHub on loopback. */
export interface GithubApi extends FakeApi {
  /** Authorisations that requests came with, each once. */
  readonly authorisations: ReadonlySet<string>;
}

/** Serves an estate in pages of at most so many. */
export function startGithub(estate: GithubEstate, mostPerPage = 100): GithubApi {
  const authorisations = new Set<string>();
  const fake = startFakeApi((request) => {
    authorisations.add(request.headers.get("authorization") ?? "");
    for (const [route, answer] of ROUTES) {
      const [method = "", path = ""] = route.split(" ");
      const match = new URLPattern({ pathname: path.replaceAll(/\{(\w+)\}/g, ":$1") })
        .exec(request.url);
      if (request.method !== method || match === null) continue;
      const value = answer(estate, match.pathname.groups);
      if (value === undefined) break;
      return respond(route, value, request, mostPerPage);
    }
    return Response.json({ message: "Not Found" }, { status: 404 });
  });
  return { ...fake, authorisations };
}

type Groups = Readonly<Record<string, string | undefined>>;
type AnswerOf = (estate: GithubEstate, groups: Groups) => unknown;

const ROUTES: readonly (readonly [Route, AnswerOf])[] = [
  ["GET /orgs/{org}", ({ members }, { org = "" }) => org in members ? orgOf(org) : undefined],
  ["GET /orgs/{org}/members", ({ members }, { org = "" }) => members[org]?.map(simpleUser)],
  [
    "GET /orgs/{org}/outside_collaborators",
    ({ outsiders }, { org = "" }) => (outsiders[org] ?? []).map(simpleUser),
  ],
  [
    "GET /orgs/{org}/repos",
    ({ repos }, { org = "" }) => repos[org]?.map((name) => repoOf(org, name)),
  ],
  ["GET /orgs/{org}/teams", ({ teams }, { org = "" }) => (teams[org] ?? []).map(teamOf)],
  [
    "GET /orgs/{org}/teams/{team_slug}/members",
    (estate, groups) => teamIn(estate, groups)?.members.map(simpleUser),
  ],
  [
    "GET /orgs/{org}/teams/{team_slug}/repos",
    (estate, groups) =>
      teamIn(estate, groups)?.repos.map((name) => repoOf(groups["org"] ?? "", name)),
  ],
  ["GET /orgs/{org}/hooks", (_, { org = "" }) => [hookOf("GET /orgs/{org}/hooks", org)]],
  [
    "GET /users/{username}",
    ({ users }, { username = "" }) => users.includes(username) ? fullUser(username) : undefined,
  ],
  ["GET /repos/{owner}/{repo}", fullRepo],
  [
    "GET /repos/{owner}/{repo}/collaborators",
    ({ collaborators }, { owner, repo }) =>
      (collaborators[`${owner}/${repo}`] ?? []).map((login) => ({
        ...simpleUser(login),
        role_name: "write",
      })),
  ],
  [
    "GET /repos/{owner}/{repo}/hooks",
    (_, { owner, repo }) => [hookOf("GET /repos/{owner}/{repo}/hooks", `${owner}/${repo}`)],
  ],
  ["GET /repos/{owner}/{repo}/pulls", (_, { owner, repo }) => [pullOf(`${owner}/${repo}`)]],
  [
    "POST /app/installations/{installation_id}/access_tokens",
    (_, { installation_id }) => ({
      token: `installation-${installation_id}`,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: { metadata: "read" },
      repository_selection: "all",
    }),
  ],
];

type Route = keyof typeof api.operations;

function respond(route: Route, value: unknown, request: Request, mostPerPage: number): Response {
  check(route, value);
  const status = request.method === "POST" ? 201 : 200;
  if (!Array.isArray(value)) return Response.json(value, { status });
  const url = new URL(request.url);
  const perPage = Math.min(Number(url.searchParams.get("per_page") ?? 30), mostPerPage);
  const page = Number(url.searchParams.get("page") ?? 1);
  const isLast = page * perPage >= value.length;
  url.searchParams.set("page", String(page + 1));
  return Response.json(
    value.slice((page - 1) * perPage, page * perPage),
    { headers: isLast ? {} : { link: `<${url}>; rel="next", <${url}>; rel="last"` } },
  );
}

const schemas = new Map<Route, z.ZodType>();

/** @throws ZodError where the simulation says what GitHub would not */
function check(route: Route, value: unknown): void {
  let schema = schemas.get(route);
  if (schema === undefined) {
    const described = { ...api.operations[route].schema, definitions: api.definitions };
    // The file holds JSON schemas, which its inferred type does not show.
    schema = z.fromJSONSchema(JSON.parse(JSON.stringify(described)), {
      defaultTarget: "openapi-3.0",
    });
    schemas.set(route, schema);
  }
  schema.parse(value);
}

/** A number for a name that is always the same. */
export function numberOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

function orgOf(login: string) {
  const { example } = api.operations["GET /orgs/{org}"];
  return { ...example, login, id: numberOf(login), archived_at: null };
}

function simpleUser(login: string) {
  const [example] = api.operations["GET /orgs/{org}/members"].example;
  return { ...example, login, id: numberOf(login) };
}

function fullUser(login: string) {
  return { ...api.operations["GET /users/{username}"].example, login, id: numberOf(login) };
}

function repoOf(owner: string, name: string) {
  const [example] = api.operations["GET /orgs/{org}/repos"].example;
  const fullName = `${owner}/${name}`;
  return {
    ...example,
    id: numberOf(fullName),
    name,
    full_name: fullName,
    owner: simpleUser(owner),
  };
}

function fullRepo(_: GithubEstate, { owner = "", repo = "" }: Groups) {
  if (repo.startsWith("no-")) return undefined;
  const { template_repository: _template, parent: _parent, source: _source, ...example } =
    api.operations["GET /repos/{owner}/{repo}"].example;
  const fullName = `${owner}/${repo}`;
  return {
    ...example,
    id: numberOf(fullName),
    name: repo,
    full_name: fullName,
    owner: simpleUser(owner),
    language: "TypeScript",
  };
}

function teamIn({ teams }: GithubEstate, { org = "", team_slug: slug }: Groups): Team | undefined {
  return teams[org]?.find((team) => team.slug === slug);
}

function teamOf({ slug, parent }: Team): object {
  const [example] = api.operations["GET /orgs/{org}/teams"].example;
  const team = { ...example, id: numberOf(slug), slug, name: `Team ${slug}`, type: "organization" };
  return {
    ...team,
    parent: parent === undefined ? null : { ...teamOf({ slug: parent, members: [], repos: [] }) },
  };
}

function hookOf(route: "GET /orgs/{org}/hooks" | "GET /repos/{owner}/{repo}/hooks", place: string) {
  const [example] = api.operations[route].example;
  const config = {
    ...example?.config,
    url: "https://hooks.example.com/services/s3cr3t?token=s3cr3t",
  };
  return { ...example, id: numberOf(`hook ${place}`), config };
}

function pullOf(fullName: string) {
  const [example] = api.operations["GET /repos/{owner}/{repo}/pulls"].example;
  return {
    ...example,
    id: numberOf(`pull ${fullName}`),
    title: `Change of ${fullName}`,
    user: simpleUser("ada"),
    requested_teams: [],
  };
}
