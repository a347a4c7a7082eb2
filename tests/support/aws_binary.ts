import { join } from "node:path";
import type { RunSummary } from "../../lib/collect/mod.ts";
import { binaryPath, type Ended, runProgram } from "./binary.ts";

/** Keys that moto takes for those of the management account. */
export const AWS_KEYS = {
  AWS_ACCESS_KEY_ID: "testing",
  AWS_SECRET_ACCESS_KEY: "testing",
} as const;

/** What a run of the binary is told beside its flags. */
export interface AwsSurroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A folder with a store that the binary collects AWS into; goes when disposed. */
export interface AwsPlace extends AsyncDisposable {
  readonly folder: string;
  readonly store: string;
  /** `--once --collector aws --store …` and these flags; home is the folder. */
  flags(...more: readonly string[]): readonly string[];
  /** Collects with {@link AWS_KEYS}, or with other variables in place of them. */
  collect(flags: readonly string[], surroundings?: AwsSurroundings): Promise<Ended>;
}

/** Makes a place for runs against one endpoint. */
export async function makeAwsPlace(endpoint: string): Promise<AwsPlace> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-aws-" });
  const store = join(folder, "store.db");
  const flags = (...more: readonly string[]) => [
    ...["--once", "--collector", "aws", "--store", store, "--aws-endpoint-url", endpoint],
    ...more,
  ];
  return {
    folder,
    store,
    flags,
    collect: (more, { env = AWS_KEYS, signal } = {}) =>
      runProgram(binaryPath(), flags(...more), {
        cwd: folder,
        env: { HOME: folder, ...env },
        ...(signal === undefined ? {} : { signal }),
      }),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** The summary that a run printed with `--output json`. */
export function summaryOf({ stdout, stderr }: Ended): RunSummary {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`the run printed no summary: ${stdout}${stderr}`, { cause });
  }
}

/** Kinds whose nodes a run added, changed, removed or kept as they were. */
export function movedKinds({ kinds }: RunSummary): readonly string[] {
  return kinds.filter(({ added, changed, removed, stale }) => added + changed + removed + stale > 0)
    .map(({ kind, added, changed, removed, stale }) =>
      `${kind} +${added} ~${changed} -${removed} stale ${stale}`
    );
}
