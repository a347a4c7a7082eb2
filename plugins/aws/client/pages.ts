import { isPresent, member } from "../engine/path.ts";
import type { ServiceName } from "../services.ts";
import { CallFault } from "./call_fault.ts";
import type { Connection } from "./connection.ts";

/** Paging of an operation: token of the input, path of the token in the answer. */
export type Paging = readonly [input: string, answer: string];

/**
 * All pages of a listing, one after the other.
 * @throws CallFault when a page fails for good, a token comes twice, or a list breaks off: it is not whole then
 */
export async function* pages(
  connection: Connection,
  service: ServiceName,
  operation: string,
  input: object,
  paging: Paging | undefined,
): AsyncGenerator<unknown> {
  const call = `${service}:${operation}`;
  const seen = new Set<unknown>();
  let next: object = input;
  for (;;) {
    const answer = await connection.send(service, operation, next);
    yield answer;
    const token = paging?.[1].split(".").reduce<unknown>(member, answer);
    if (paging === undefined || !isPresent(token)) {
      if (member(answer, "IsTruncated") !== true) return;
      throw notWhole("TruncatedList", "there is more than it says how to get", connection, call);
    }
    if (seen.has(token)) {
      const what = "the service gave the same page token twice, so the list has no end";
      throw notWhole("RepeatedToken", what, connection, call);
    }
    seen.add(token);
    next = { ...input, [paging[0]]: token };
  }
}

function notWhole(
  code: string,
  message: string,
  { session, region }: Connection,
  call: string,
): CallFault {
  const verdict = { fault: "request", code, message } as const;
  return new CallFault(call, verdict, [], { account: session.account, region });
}
