import { type DialectName, DIALECTS } from "../core/mod.ts";
import { CoreUnreachableError, StoreError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { Kind } from "../model/mod.ts";
import { openStore, recallDialect, rememberDialect } from "../store/mod.ts";
import type { CoreAccess } from "./core_access.ts";

/** Where it is remembered which generation a core is. */
export interface DialectMemory {
  readonly store: { readonly path: string; readonly kinds: readonly Kind[] };
  readonly log: Logger;
  readonly now: () => Date;
}

/** What a core is taken for that never answered: the generation whose workers came first. */
const ASSUMED: DialectName = "ckcore";

/**
 * Remembers which generation answers at an address, and tells when it is another than before. A
 * store that another run holds is left alone.
 */
export async function remember(
  uri: string,
  dialect: DialectName,
  { store, log, now }: DialectMemory,
): Promise<void> {
  try {
    using open = await openStore({ ...store, mode: "write", now });
    const before = rememberDialect(open, uri, dialect);
    if (before === undefined || before === dialect) return;
    log.warn("daemon.core.changed", "Another generation answers at the address of the core", {
      before,
      dialect,
    });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log.debug("daemon.core.unremembered", `The store cannot be told of the core: ${error.message}`);
  }
}

/**
 * Which generation a core is, for a run that is made whether it answers or not: what it says, else
 * what answered there before.
 * @throws CoreRejectedError when it answers and refuses
 */
export async function knownDialect(
  access: CoreAccess,
  signal: AbortSignal,
  memory: DialectMemory,
): Promise<DialectName> {
  const { uri } = access.connection;
  try {
    const dialect = await access.dialect(signal);
    await remember(uri, dialect, memory);
    return dialect;
  } catch (error) {
    if (!(error instanceof CoreUnreachableError)) throw error;
    memory.log.warn("daemon.core.away", `The core does not answer: ${error.message}`, { uri });
    return await recall(uri, memory) ?? ASSUMED;
  }
}

async function recall(
  uri: string,
  { store, now }: DialectMemory,
): Promise<DialectName | undefined> {
  try {
    using open = await openStore({ ...store, mode: "read", now });
    return DIALECTS.find((name) => name === recallDialect(open, uri));
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
