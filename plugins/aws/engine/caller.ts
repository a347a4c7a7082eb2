import { CallFault } from "../client/call_fault.ts";
import type { Connection } from "../client/connection.ts";
import { pages, type Paging } from "../client/pages.ts";
import { compileWalk } from "./path.ts";
import type { Operation } from "../resource.ts";
import type { ServiceName } from "../services.ts";

/** Makes declared operations and picks what counts of their answers. */
export class Caller {
  readonly #pages: Readonly<Record<string, Paging>>;

  /** @param paging tokens of the operations that have pages, by `service:Operation` */
  constructor(paging: Readonly<Record<string, Paging>>) {
    this.#pages = paging;
  }

  /** The listed values of each page. */
  async *list(
    connection: Connection,
    operation: Operation,
    service: ServiceName,
    input: object,
  ): AsyncGenerator<readonly unknown[]> {
    const pick = compileWalk(operation.result ?? "");
    for await (const page of this.#answers(connection, operation, service, input)) {
      const found = pick(page);
      if (found !== undefined && found !== null) yield Array.isArray(found) ? found : [found];
    }
  }

  /**
   * The result of an operation: a list of all pages where `result` spreads one, else the value.
   * @throws CallFault when it failed for good, or has no such value
   */
  async call(
    connection: Connection,
    operation: Operation,
    service: ServiceName,
    input: object,
  ): Promise<unknown> {
    if (operation.result?.includes("[]") === true) {
      const all: unknown[] = [];
      for await (const values of this.list(connection, operation, service, input)) {
        all.push(...values);
      }
      return all;
    }
    const answer = await connection.send(service, operation.operation, input);
    const value = compileWalk(operation.result ?? "")(answer);
    if (value !== undefined && value !== null) return value;
    throw withoutResult(connection, `${service}:${operation.operation}`, operation.result ?? "");
  }

  #answers(
    connection: Connection,
    operation: Operation,
    service: ServiceName,
    input: object,
  ): AsyncGenerator<unknown> {
    const paging = operation.page ?? this.#pages[`${service}:${operation.operation}`];
    return pages(connection, service, operation.operation, input, paging);
  }
}

/** What was asked for exists, or the service would have said so: an answer without it is a fault. */
function withoutResult({ session, region }: Connection, call: string, result: string): CallFault {
  const message = `the answer has no ${result}`;
  const verdict = { fault: "request", code: "IncompleteAnswer", message } as const;
  return new CallFault(call, verdict, [], { account: session.account, region });
}

/** Whether an error is a call's with one of these codes; the SDK puts endings behind some. */
export function isCode(error: unknown, codes: readonly string[]): error is CallFault {
  if (!(error instanceof CallFault)) return false;
  const { code } = error.verdict;
  return codes.some((each) =>
    code === each || code === `${each}Exception` || code === `${each}Fault`
  );
}
