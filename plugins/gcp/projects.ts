import { CallFault, CkError, type CollectContext } from "ckworker";
import type { TokenAuthority } from "./access/authority.ts";
import type { Api } from "./client/api.ts";
import { records, text } from "./engine/path.ts";
import { DEFAULT, type GcpOptions } from "./options.ts";
import type { Raw } from "./raw.ts";

/** A project to collect, and as whom. */
export interface Project {
  readonly id: string;
  /** As it was listed; empty for one of which only the id is known. */
  readonly raw: Raw;
  readonly authority: TokenAuthority;
  /** Why only the id is known; undefined for one that was listed. */
  readonly fault?: CkError;
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

/**
 * Lists the projects that an identity may see. When that fails, what is left is the project that a key
 * belongs to and those that the options name, and nobody knows which others there are.
 */
export async function listProjects(
  authority: TokenAuthority,
  api: Api,
  options: Pick<GcpOptions, "project">,
  signal: AbortSignal,
): Promise<ProjectList> {
  const found = new Map<string, Raw>();
  try {
    for await (const page of api.pages("cloudresourcemanager", "projects.list", {})) {
      for (const raw of records(page, "projects")) {
        const id = text(raw, "projectId");
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
    const state = text(raw, "lifecycleState") ?? "ACTIVE";
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
  const { project, collect, no_collect } = context.options;
  const filters = [
    ...(project.length > 0 ? ["accounts"] as const : []),
    ...((collect.length > 0 && !collect.includes(DEFAULT)) || no_collect.length > 0
      ? ["kinds"] as const
      : []),
  ];
  for (const { authority, projects, skipped, fault } of lists) {
    const [wanted, others] = split(projects, project);
    context.accounts({
      complete: fault === undefined,
      source: authority.identity,
      accounts: wanted.map(({ id, raw }) => ({ id, name: text(raw, "name") ?? id })),
      skipped: [...skipped, ...others.map(({ id }) => ({ id, reason: "not in --gcp-project" }))],
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
  if (wanted.length === 0) return [projects, []];
  const names = new Set(wanted);
  return [projects.filter(({ id }) => names.has(id)), projects.filter(({ id }) => !names.has(id))];
}
