/** Processes that a process started and that still live. */
export function childrenOf(pid: number): readonly number[] {
  const text = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
  return text.split(" ").filter((each) => each !== "").map(Number);
}

export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What a process holds right now. */
export interface Holdings {
  /** Resident memory, MB. */
  readonly memory: number;
  /** Open files and sockets. */
  readonly descriptors: number;
  readonly threads: number;
}

export function holdingsOf(pid: number): Holdings {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const figure = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
  return {
    memory: figure("VmRSS") / 1024,
    descriptors: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
    threads: figure("Threads"),
  };
}
