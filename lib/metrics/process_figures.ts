import process from "node:process";

/** What can be measured of this process. Bytes and seconds. */
export interface ProcessFigures {
  /** With every guest in it. */
  readonly residentBytes: number;
  /** Of the host's own isolate. */
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly cpuSeconds: number;
  readonly startedAt: Date;
  /** Absent where it cannot be counted. */
  readonly openFiles?: number;
}

/** Measures this process. Reads `/proc` where there is one and it may be read. */
export function processFigures(startedAt: Date): ProcessFigures {
  const memory = Deno.memoryUsage();
  const { user, system } = process.cpuUsage();
  const openFiles = countEntries("/proc/self/fd");
  return {
    residentBytes: memory.rss,
    heapUsedBytes: memory.heapUsed,
    heapTotalBytes: memory.heapTotal,
    cpuSeconds: (user + system) / 1e6,
    startedAt,
    ...(openFiles === undefined ? {} : { openFiles }),
  };
}

function countEntries(folder: string): number | undefined {
  return unlessUnreadable(() => [...Deno.readDirSync(folder)].length);
}

/** No `/proc`, no right to read it, or no such process: there is no figure then. */
function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && UNREADABLE.some((kind) => error instanceof kind)) {
      return undefined;
    }
    throw error;
  }
}

const UNREADABLE = [
  Deno.errors.NotFound,
  Deno.errors.NotCapable,
  Deno.errors.PermissionDenied,
  Deno.errors.NotSupported,
] as const;
