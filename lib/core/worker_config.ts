import { z } from "zod";
import { CoreMessageError } from "../errors/mod.ts";
import { heard } from "./asked.ts";
import type { CoreConnection } from "./connection.ts";
import { readStart } from "./read_start.ts";
import { refused } from "./refusal.ts";

const TIMEOUT_MS = 60 * 1000;
/** Bytes of a configuration that are read; a longer one is none. */
const CONFIG_MAX = 16 * 1024 * 1024;
/** The core puts its own overrides in and resolves the variables that it knows. */
const EFFECTIVE = "separate_overrides=true&apply_overrides=true&resolve_env_vars=true" +
  "&include_raw_config=true";

const answerSchema = z.object({ config: z.record(z.string(), z.unknown()) });

/** A worker's configuration as a core of the later generation keeps it. */
export interface WorkerConfig {
  /** Changes with every change of the document; empty when the core does not say. */
  readonly revision: string;
  /** Of the worker itself and of its plugins, by name. */
  readonly sections: Readonly<Record<string, unknown>>;
}

/**
 * Reads a worker's configuration, and never writes it: a core checks what other workers store by
 * what was stored before.
 * @param id `fix.worker`
 * @returns undefined when the core has none of this name
 * @throws CoreUnreachableError, CoreRejectedError
 * @throws CoreMessageError when the answer is no configuration
 */
export async function readWorkerConfig(
  connection: CoreConnection,
  id: string,
  signal: AbortSignal,
): Promise<WorkerConfig | undefined> {
  const response = await connection.request({
    method: "GET",
    path: `/config/${encodeURIComponent(id)}?${EFFECTIVE}`,
    headers: { "Accept": "application/json" },
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok) throw await refused(`configuration ${id}`, response);
  const revision = response.headers.get("fix-config-revision") ?? "";
  const asked = { what: `configuration ${id}`, signal };
  const text = await heard(asked, readStart(response, CONFIG_MAX));
  return { revision, sections: sectionsOf(text, id) };
}

function sectionsOf(text: string, id: string): Readonly<Record<string, unknown>> {
  try {
    return answerSchema.parse(JSON.parse(text)).config;
  } catch (cause) {
    throw new CoreMessageError(`the core answers with no configuration ${id}`, {
      hint: "Check that the address is that of the core itself",
      cause,
    });
  }
}
