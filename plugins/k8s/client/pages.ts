import { z } from "zod";
import { CallFault } from "./call_fault.ts";
import type { Connection, Request } from "./connection.ts";

const pageSchema = z.object({
  kind: z.string().regex(/List$/),
  metadata: z.object({ continue: z.string().optional() }).default({}),
  // Written as null where there is nothing.
  items: z.array(z.unknown()).nullable().transform((items) => items ?? []),
});

/** Objects a page; the server may give fewer. */
const LIMIT = 500;
/** Starts of a list whose token expires in the middle. */
const STARTS = 4;

/** A page of a list. */
export interface Page {
  readonly items: readonly unknown[];
  /** The list has begun anew: what came before may come again. */
  readonly again: boolean;
}

/**
 * Lists everything, page after page. All pages are of one moment, to which the token belongs; when
 * the server forgets that moment (410) the list begins anew, with larger pages so that it ends sooner.
 * @throws CallFault when a page failed; what came before it is no whole list
 */
export async function* pages(
  connection: Pick<Connection, "send" | "account">,
  request: Request,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  for (let start = 1;; start++) {
    try {
      return yield* once(connection, request, LIMIT * 2 ** (start - 1), start > 1, signal);
    } catch (error) {
      const isExpired = error instanceof CallFault && error.status === 410;
      if (!isExpired || start >= STARTS) throw error;
    }
  }
}

async function* once(
  connection: Pick<Connection, "send" | "account">,
  request: Request,
  limit: number,
  again: boolean,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const place = { ...request, account: connection.account };
  let token = "";
  for (;;) {
    const query = { limit: String(limit), ...(token === "" ? {} : { continue: token }) };
    const page = pageSchema.safeParse(await connection.send({ ...request, query }, signal));
    if (!page.success) {
      const message = "the answer is no list of objects";
      throw new CallFault("request", place, { status: 200, reason: "NoList", message });
    }
    yield { items: page.data.items, again };
    const next = page.data.metadata.continue ?? "";
    if (next === "") return;
    if (next === token) {
      const message = "the server gave the same token twice";
      throw new CallFault("request", place, { status: 200, reason: "NoEnd", message });
    }
    token = next;
  }
}
