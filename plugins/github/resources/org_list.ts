import { isRecord } from "ckworker";
import type { GithubClient } from "../client/client.ts";
import { fold } from "../fold.ts";

/** Call behind it, for faults. */
export const ORG_CALL = "github:GetOrganization";

/** Organisations that were asked for by name, each read once. */
export class OrgList {
  readonly #client: GithubClient;
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(client: GithubClient) {
    this.#client = client;
  }

  /** @throws CallFault when it cannot be read */
  get(org: string): Promise<unknown> {
    const known = this.#read.get(fold(org));
    if (known !== undefined) return known;
    const reading = this.#client.one(ORG_CALL, "GET /orgs/{org}", { org });
    this.#read.set(fold(org), reading);
    return reading;
  }

  /** Its login as GitHub writes it; as it was asked for where that cannot be read. */
  async login(org: string): Promise<string> {
    try {
      const record = await this.get(org);
      const login = isRecord(record) ? record["login"] : undefined;
      return typeof login === "string" ? login : org;
    } catch {
      // The scope of the organisations reports it.
      return org;
    }
  }
}
