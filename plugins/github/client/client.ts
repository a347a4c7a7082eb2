import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/core";
import { CkError, CloudError, followPages, repeatedPage, RestCaller, type Verdict } from "ckworker";
import type { GithubOptions } from "../options.ts";
import { judge } from "./judge.ts";

/** Values in a route and in its query. */
export type Parameters = Readonly<Record<string, string | number>>;

const PAGE_SIZE = 100;
const TOKEN_CALL = "github:CreateInstallationToken";

/** `fetch` as Octokit calls it. */
type Transport = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Calls to GitHub: Octokit authenticates and makes addresses, the caller sees to it that each
 * request is made until it is answered. Octokit's own paging is not used, since it takes a conflict
 * and an empty answer for the end of a list.
 */
export class GithubClient {
  readonly #caller: RestCaller;
  readonly #octokit: Octokit;

  constructor(caller: RestCaller, options: GithubOptions) {
    this.#caller = caller;
    this.#octokit = new Octokit({
      ...credentials(options),
      baseUrl: options.base_url.replace(/\/+$/, ""),
      userAgent: "ckworker",
      request: { fetch: this.#transport(TOKEN_CALL) },
      log: SILENT,
    });
  }

  /**
   * One thing.
   * @throws CallFault when it failed for good
   */
  async one(call: string, route: string, parameters: Parameters): Promise<unknown> {
    const { data } = await this.#request(call, route, parameters);
    return data;
  }

  /**
   * Pages of a list, to the last one.
   * @throws CallFault when one of them failed for good, or leads back to one that was read
   */
  pages(
    call: string,
    route: string,
    parameters: Parameters,
  ): AsyncGenerator<readonly unknown[]> {
    return followPages(
      async (link) => {
        const { data, headers } = link === undefined
          ? await this.#request(call, route, { ...parameters, per_page: PAGE_SIZE })
          : await this.#request(call, `GET ${link}`, {});
        return { records: data, next: nextLink(headers.link) };
      },
      (verdict) => this.#caller.fault(call, verdict),
      { repeated: repeatedPage("RepeatedPage") },
    );
  }

  async #request(call: string, route: string, parameters: Parameters) {
    try {
      const request = { fetch: this.#transport(call) };
      return await this.#octokit.request(route, { ...parameters, request });
    } catch (error) {
      throw this.#explain(call, error);
    }
  }

  #transport(call: string): Transport {
    return async (url, init) => {
      const { status, headers, text } = await this.#caller.exchange(call, url, () => init);
      return new Response(status === 204 || status === 205 ? null : text, { status, headers });
    };
  }

  /** Octokit wraps what its transport throws, and makes an error of its own of a bad answer. */
  #explain(call: string, thrown: unknown): unknown {
    for (let error = thrown; error instanceof Error; error = error.cause) {
      if (error instanceof CkError) return error;
      const verdict = verdictOf(error);
      if (verdict !== undefined) return this.#caller.fault(call, verdict, error);
    }
    return thrown;
  }
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} } as const;

/** @throws CloudError when options give no complete credentials */
function credentials(options: GithubOptions): object {
  const { access_token, app_id, app_private_key, app_installation_id } = options;
  if (access_token !== undefined) return { auth: access_token };
  if (app_id === undefined || app_private_key === undefined || app_installation_id === undefined) {
    throw new CloudError("no_credentials", "GitHub: there is no access token", {
      context: { plugin: "github" },
      hint:
        "Give --github-access-token-file, or --github-app-id, --github-app-private-key-file and --github-app-installation-id.",
    });
  }
  const privateKey = app_private_key.replaceAll("\\n", "\n");
  return {
    authStrategy: createAppAuth,
    auth: { appId: app_id, privateKey, installationId: app_installation_id },
  };
}

function verdictOf(error: Error): Verdict | undefined {
  const response: unknown = Reflect.get(error, "response");
  if (typeof response !== "object" || response === null) return undefined;
  const status = Number(Reflect.get(response, "status"));
  const headers = new Headers();
  for (const [name, value] of Object.entries(Reflect.get(response, "headers") ?? {})) {
    headers.set(name, String(value));
  }
  const text = JSON.stringify(Reflect.get(response, "data") ?? null);
  return judge({ status, headers, text }, Date.now());
}

function nextLink(header: string | undefined): string | undefined {
  return /<([^<>]+)>;\s*rel="next"/.exec(header ?? "")?.[1];
}
