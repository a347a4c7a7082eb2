import {
  CallFault,
  CkError,
  type CollectContext,
  type PluginContext,
  recordsAt,
  textAt,
} from "ckworker";
import pMap from "p-map";
import type { TokenAuthority } from "./access/authority.ts";
import type { Api } from "./client/api.ts";
import { DEFAULT, type GcpOptions } from "./options.ts";
import type { Raw } from "./raw.ts";
import type { Session } from "./session.ts";

/** Projects of which it is asked at once what they lie in. */
const PLACED_AT_ONCE = 8;

/** A project to collect, and as whom. */
export interface Project {
  readonly id: string;
  /** As it was listed; empty for one of which only the id is known. */
  readonly raw: Raw;
  readonly authority: TokenAuthority;
  /** Why only the id is known; undefined for one that was listed. */
  readonly fault?: CkError;
  /** It lies below none of the folders and organizations that the options name. */
  readonly outside?: true;
  /** Why nobody knows whether it does. */
  readonly unplaced?: CkError;
}

/** Projects that one identity sees. */
export interface ProjectList {
  readonly authority: TokenAuthority;
  readonly projects: readonly Project[];
  /** Those that are on their way to be deleted. */
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  /** Why the list is not whole; undefined when it is. */
  readonly fault: CkError | undefined;
}

/** Lists the projects of all identities, and where they lie if the options ask for that. */
export async function readProjects(
  session: Session,
  { options, signal }: Pick<PluginContext<GcpOptions>, "options" | "signal">,
): Promise<readonly ProjectList[]> {
  return await pMap(await session.authorities(), async (authority) => {
    const api = session.api(authority);
    const list = await listProjects(authority, api, options, signal);
    return await placeProjects(list, api, options, signal);
  });
}

/**
 * Lists the projects that an identity may see. When that fails, what is left is the project that a key
 * belongs to and those that the options name, and nobody knows which others there are.
 */
async function listProjects(
  authority: TokenAuthority,
  api: Api,
  options: Pick<GcpOptions, "project">,
  signal: AbortSignal,
): Promise<ProjectList> {
  const found = new Map<string, Raw>();
  try {
    for await (const page of api.pages("cloudresourcemanager", "projects.list", {})) {
      for (const raw of recordsAt(page, "projects")) {
        const id = textAt(raw, "projectId");
        if (id === undefined) throw new CkError("gcp.object", "a project of the list has no id");
        found.set(id, raw);
      }
    }
    return { ...sorted(authority, found), fault: undefined };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CkError)) throw error;
    const listed = sorted(authority, found);
    const more = fallbacks(authority, options, error).filter((id) => !found.has(id))
      .map((id): Project => ({ id, raw: {}, authority, fault: error }));
    return { ...listed, projects: [...listed.projects, ...more], fault: error };
  }
}

/** Tells of each project whether it lies below what the options name, if they name anything. */
async function placeProjects(
  list: ProjectList,
  api: Api,
  { folder, organization }: Pick<GcpOptions, "folder" | "organization">,
  signal: AbortSignal,
): Promise<ProjectList> {
  const wanted = new Set([
    ...folder.map((id) => `folder ${id}`),
    ...organization.map((id) => `organization ${id}`),
  ]);
  if (wanted.size === 0) return list;
  const projects = await pMap(list.projects, (each) => place(each, wanted, api, signal), {
    concurrency: PLACED_AT_ONCE,
  });
  return { ...list, projects };
}

async function place(
  project: Project,
  wanted: ReadonlySet<string>,
  api: Api,
  signal: AbortSignal,
): Promise<Project> {
  try {
    const parameters = { projectId: project.id };
    const answer = await api.call("cloudresourcemanager", "projects.getAncestry", parameters, {});
    const isInside = recordsAt(answer, "ancestor").some((each) =>
      wanted.has(`${textAt(each, "resourceId.type")} ${textAt(each, "resourceId.id")}`)
    );
    return isInside ? project : { ...project, outside: true };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CkError)) throw error;
    return { ...project, unplaced: error };
  }
}

/** Without a token there is nothing to collect with, so no project is tried. */
function fallbacks(
  { credential }: TokenAuthority,
  { project }: Pick<GcpOptions, "project">,
  error: CkError,
): readonly string[] {
  const isOfList = error instanceof CallFault && error.call.startsWith("cloudresourcemanager:");
  if (!isOfList) return [];
  const own = "project_id" in credential ? credential.project_id : undefined;
  return [...new Set(own === undefined ? project : [own, ...project])];
}

function sorted(authority: TokenAuthority, found: ReadonlyMap<string, Raw>) {
  const projects: Project[] = [];
  const skipped: { id: string; reason: string }[] = [];
  for (const [id, raw] of [...found].sort(([a], [b]) => a < b ? -1 : 1)) {
    const state = textAt(raw, "lifecycleState") ?? "ACTIVE";
    if (state === "ACTIVE") projects.push({ id, raw, authority });
    else skipped.push({ id, reason: state.toLowerCase().replaceAll("_", " ") });
  }
  return { authority, projects, skipped };
}

/** Tells the host which projects there are, a list for each identity. */
export function reportProjects(
  context: Pick<CollectContext<GcpOptions>, "accounts" | "options">,
  lists: readonly ProjectList[],
): void {
  const { project, folder, organization, collect, no_collect } = context.options;
  const filters = [
    ...([...project, ...folder, ...organization].length > 0 ? ["accounts"] as const : []),
    ...((collect.length > 0 && !collect.includes(DEFAULT)) || no_collect.length > 0
      ? ["kinds"] as const
      : []),
  ];
  for (const { authority, projects, skipped, fault } of lists) {
    const [wanted, others] = split(projects, project);
    context.accounts({
      complete: fault === undefined,
      source: authority.identity,
      accounts: wanted.map(({ id, raw }) => ({ id, name: textAt(raw, "name") ?? id })),
      skipped: [...skipped, ...others.map((each) => ({ id: each.id, reason: whyNot(each) }))],
      unfiltered: filters.length === 0,
      filters,
    });
  }
}

/** The projects that are asked for, each once, as the last identity that sees it. */
export function wantedProjects(
  lists: readonly ProjectList[],
  { project }: Pick<GcpOptions, "project">,
): readonly Project[] {
  const all = new Map(lists.flatMap(({ projects }) => projects.map((each) => [each.id, each])));
  return split([...all.values()], project)[0];
}

function split(
  projects: readonly Project[],
  wanted: readonly string[],
): readonly [readonly Project[], readonly Project[]] {
  const names = new Set(wanted);
  const isWanted = ({ id, outside }: Project) =>
    outside !== true && (wanted.length === 0 || names.has(id));
  return [projects.filter(isWanted), projects.filter((each) => !isWanted(each))];
}

function whyNot({ outside }: Project): string {
  return outside === true ? "not below --gcp-folder or --gcp-organization" : "not in --gcp-project";
}
