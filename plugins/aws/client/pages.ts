import { isPresent, member } from "../engine/path.ts";
import type { ServiceName } from "../services.ts";
import { CallFault } from "./call_fault.ts";
import type { Connection } from "./connection.ts";

/** Paging of an operation: token of the input, path of the token in the answer. */
export type Paging = readonly [input: string, answer: string];

/**
 * All pages of a listing, one after the other.
 * @throws CallFault when a page fails for good, or a token comes twice: then the listing is not whole
 */
export async function* pages(
  connection: Connection,
  service: ServiceName,
  operation: string,
  input: object,
  paging: Paging | undefined,
): AsyncGenerator<unknown> {
  const seen = new Set<unknown>();
  let next: object = input;
  for (;;) {
    const answer = await connection.send(service, operation, next);
    yield answer;
    if (paging === undefined) return;
    const token = paging[1].split(".").reduce<unknown>(member, answer);
    if (!isPresent(token)) return;
    if (seen.has(token)) throw repeated(connection, `${service}:${operation}`);
    seen.add(token);
    next = { ...input, [paging[0]]: token };
  }
}

function repeated({ session, region }: Connection, call: string): CallFault {
  const verdict = {
    fault: "request",
    code: "RepeatedToken",
    message: "the service gave the same page token twice, so the list has no end",
  } as const;
  return new CallFault(call, verdict, [], { account: session.account, region });
}
