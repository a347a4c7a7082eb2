import {
  CallFault,
  CloudError,
  isRecord,
  readJson,
  repeatedPage,
  type RestCaller,
  textAt,
  type Verdict,
} from "ckworker";
import { callName, type Operation, type Operations } from "../engine/operations.ts";
import { UNIMPLEMENTED } from "./judge.ts";
import type { Raw } from "../raw.ts";
import { type ServiceName, serviceOf } from "../services.ts";

/** Values by name of a parameter, as an operation's template and query name them. */
export type Parameters = Readonly<Record<string, string>>;

/** Where the headers come from that show who is calling. */
export interface Authority {
  /** @param renew those of the last call were refused */
  headers(renew: boolean): Promise<Readonly<Record<string, string>>>;
}

/** What an API is made of. */
export interface ApiParts {
  readonly caller: RestCaller;
  readonly operations: Operations;
  readonly authority: Authority;
  /** Addresses instead of Google's, by service; `*` for all others. */
  readonly endpoints: ReadonlyMap<string, string>;
}

/** By which a list asks for what can be reached, where its API knows it. */
const PARTIAL = "returnPartialSuccess";
/** How often a list begins anew because its place in it was forgotten. */
const RESTARTS = 3;

/** Calls of Google's APIs for one project, as their descriptions have them. */
export class Api {
  readonly #parts: ApiParts;
  /** Services that are not enabled, and what said so. */
  readonly #off = new Map<ServiceName, Verdict>();

  constructor(parts: ApiParts) {
    this.#parts = parts;
  }

  get operations(): Operations {
    return this.#parts.operations;
  }

  /** Tells what the calls cost since the last time. */
  tell(account: string): void {
    this.#parts.caller.tell(account);
  }

  /**
   * Makes one call.
   * @throws CallFault when it failed for good
   */
  async call(
    service: ServiceName,
    operation: string,
    parameters: Parameters,
    body?: unknown,
  ): Promise<Raw> {
    const { caller, operations, authority } = this.#parts;
    const known = operations.require(service, operation);
    const url = this.#url(service, known, parameters);
    const name = callName(service, operation);
    const off = this.#off.get(service);
    if (off !== undefined) throw caller.fault(name, off);
    const answer = await this.#noticing(service, () =>
      caller.send(name, url, async (renew) => ({
        method: known.method,
        redirect: "manual",
        headers: {
          ...await authority.headers(renew),
          accept: "application/json",
          "user-agent": "ckworker",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }), service));
    const value = readJson(answer);
    return isRecord(value) ? value : {};
  }

  /**
   * Answers of a list, page by page to the last one. A list whose place was forgotten meanwhile begins
   * anew, and brings again what it brought before.
   * @throws CallFault when a page failed for good, or leads back to one that was read
   */
  async *pages(
    service: ServiceName,
    operation: string,
    parameters: Parameters,
    body?: unknown,
  ): AsyncGenerator<Raw> {
    const { size, query } = this.#parts.operations.require(service, operation);
    const { page } = serviceOf(service);
    const sized = {
      ...parameters,
      ...(size === undefined || page === undefined ? {} : { [size]: String(page) }),
      // What cannot be reached is told, and does not cost the rest.
      ...(query.includes(PARTIAL) ? { [PARTIAL]: "true" } : {}),
    };
    const seen = new Set<string>();
    let token: string | undefined;
    let restarts = 0;
    for (;;) {
      const place: Parameters = token === undefined ? {} : { pageToken: token };
      let answer: Raw;
      try {
        answer = await this.call(service, operation, { ...sized, ...place }, body);
      } catch (error) {
        if (token === undefined || !isForgotten(error) || restarts === RESTARTS) throw error;
        restarts++;
        token = undefined;
        seen.clear();
        continue;
      }
      yield answer;
      token = textAt(answer, "nextPageToken");
      if (token === undefined) return;
      if (seen.has(token)) throw this.#fault(service, operation, repeatedPage("RepeatedToken"));
      seen.add(token);
    }
  }

  /** An API that a project has not enabled is so for all of its calls. */
  async #noticing<T>(service: ServiceName, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      if (isOff(error)) this.#off.set(service, error.verdict);
      throw error;
    }
  }

  #fault(service: ServiceName, operation: string, verdict: Verdict): CallFault {
    return this.#parts.caller.fault(callName(service, operation), verdict);
  }

  #url(service: ServiceName, { path, query }: Operation, parameters: Parameters): string {
    const { operations, endpoints } = this.#parts;
    const other = endpoints.get(service) ?? endpoints.get("*");
    const root = other === undefined
      ? operations.address(service, locationIn(parameters))
      : `${other}/${operations.base(service)}`;
    const url = new URL(`${root}${fillPath(path, parameters)}`);
    for (const name of query) {
      const value = parameters[name];
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url.href;
  }
}

/** Location that the name or parent of a call names. */
function locationIn({ name, parent }: Parameters): string | undefined {
  return /\/locations\/([^/]+)/.exec(name ?? parent ?? "")?.[1];
}

/**
 * A template with its parameters: `{name}` is one part of a path, `{+name}` several. What a part is made
 * of comes from answers and from a core, and may not lead elsewhere.
 * @throws CloudError for a parameter that is missing, or that no object can be called by
 */
export function fillPath(path: string, parameters: Parameters): string {
  return path.replaceAll(/\{(\+?)([^}]+)\}/g, (_, several: string, name: string) => {
    const value = parameters[name] ?? "";
    const parts = several === "" ? [value] : value.split("/");
    if (parts.some((part) => /^(|\.{1,2})$/.test(part))) {
      throw new CloudError("request", `"${value}" cannot be the ${name} of a call`);
    }
    return parts.map(encodeURIComponent).join("/");
  });
}

/** Whether a fault says that the whole service is not enabled. */
export function isOff(error: unknown): error is CallFault {
  return error instanceof CallFault && error.outcome === "not_enabled" &&
    error.verdict.code !== UNIMPLEMENTED;
}

function isForgotten(error: unknown): boolean {
  return error instanceof CallFault && error.verdict.retry === undefined &&
    error.verdict.fault === "request" && /page.?token/i.test(error.verdict.message);
}
