import type { Input, Operation, Optional, Place, Tools } from "../../plugins/aws/resource.ts";

/** One call that a hook made. */
export interface MadeCall {
  readonly operation: string;
  readonly input: Input;
  readonly region: string;
}

/** What the tools of a test answer. */
export interface ToolsSetup {
  /** Result of each operation; one that throws is a failed call. */
  readonly answers?: Readonly<Record<string, (input: Input, region: string) => unknown>>;
  /** Limits by `service/name`. */
  readonly quotas?: Readonly<Record<string, number>>;
  readonly unwanted?: readonly Optional[];
  readonly place?: Partial<Place>;
  readonly gathered?: Readonly<Record<string, readonly string[]>>;
  /** Values shared between accounts, where a test has several tools. */
  readonly guest?: Map<string, Promise<unknown>>;
}

/** Tools of one listing that record what is asked of them. */
export interface RecordingTools extends Tools {
  readonly calls: readonly MadeCall[];
  readonly faults: readonly unknown[];
}

/** Where and when the tests' listings take place. */
export const PLACE: Place = {
  account: "123456789012",
  region: "eu-west-1",
  regionName: "eu-west-1",
  partition: "aws",
  now: new Date("2026-03-01T12:00:00Z"),
};

/** Makes tools that answer from data and fail for operations that a test did not expect. */
export function createTools(setup: ToolsSetup = {}): RecordingTools {
  const calls: MadeCall[] = [];
  const faults: unknown[] = [];
  const place = { ...PLACE, ...setup.place };
  const shared = { region: new Map(), guest: setup.guest ?? new Map() };
  return {
    calls,
    faults,
    place,
    signal: new AbortController().signal,
    async call({ operation }: Operation, input, region = place.region) {
      calls.push({ operation, input, region });
      const answer = setup.answers?.[operation];
      if (answer === undefined) throw new Error(`the test did not expect ${operation}`);
      return await answer(input, region);
    },
    once(key, compute, reach = "region") {
      const known = shared[reach];
      if (!known.has(key)) known.set(key, compute());
      return known.get(key);
    },
    gathered: (name) => new Set(setup.gathered?.[name]),
    quota: (service, name) => Promise.resolve(setup.quotas?.[`${service}/${name}`]),
    wants: (part) => !(setup.unwanted ?? []).includes(part),
    fault: (error) => void faults.push(error),
  };
}
