import { BadRecord, isRecord } from "ckworker";
import type { GithubClient } from "../client/client.ts";

/** What calls for one repository need. */
export interface RepoRef {
  readonly owner: string;
  readonly repo: string;
  readonly fullName: string;
}

/** Repositories and the organisation they came with. */
export interface RepoPage {
  readonly org: string;
  readonly records: readonly unknown[];
}

/** Repositories that were found, and what of their lists failed. */
export interface RepoRefs {
  readonly refs: readonly RepoRef[];
  readonly failures: readonly unknown[];
}

/**
 * Repositories of all organisations. The first who reads their pages leaves what calls for single
 * repositories need, so that the lists are read once and records are not kept.
 */
export class RepoList {
  readonly #client: GithubClient;
  readonly #orgs: readonly string[];
  #found: RepoRefs | undefined;

  constructor(client: GithubClient, orgs: readonly string[]) {
    this.#client = client;
    this.#orgs = orgs;
  }

  /** Pages as they come; a list that fails is handed to `failed` and costs no other. */
  async *pages(failed: (error: unknown) => void): AsyncGenerator<RepoPage> {
    const refs: RepoRef[] = [];
    const failures: unknown[] = [];
    for (const org of this.#orgs) {
      try {
        const pages = this.#client.pages("github:ListOrganizationRepositories", ROUTE, { org });
        for await (const records of pages) {
          for (const record of records) {
            const ref = refOf(record);
            if (ref === undefined) failures.push(new BadRecord("a repository has no full name"));
            else refs.push(ref);
          }
          yield { org, records };
        }
      } catch (error) {
        failures.push(error);
        failed(error);
      }
    }
    this.#found = { refs, failures };
  }

  /** What the pages left; reads them where nobody has. */
  async refs(): Promise<RepoRefs> {
    if (this.#found === undefined) {
      for await (const _page of this.pages(() => {})) continue;
    }
    return this.#found ?? { refs: [], failures: [] };
  }
}

const ROUTE = "GET /orgs/{org}/repos";

function refOf(record: unknown): RepoRef | undefined {
  const fullName = isRecord(record) ? record["full_name"] : undefined;
  if (typeof fullName !== "string") return undefined;
  const [owner = "", repo = ""] = fullName.split("/");
  return owner === "" || repo === "" ? undefined : { owner, repo, fullName };
}
