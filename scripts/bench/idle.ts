/**
 * Measures the binary as a daemon with nothing to do: memory and processor time before the first
 * collect, and after 24 collects, which stand for a day.
 *
 *     deno run -A scripts/bench/idle.ts [SECONDS] [COLLECTOR]
 *
 * Each worker idles so long (60) each time; COLLECTOR is example or aws, both without it. Prints one JSON line per worker: with guests in the
 * process, and with `--fork`, of the example collector and of AWS against moto.
 */
import { binaryPath } from "../../tests/support/binary.ts";
import { type FakeCore, startFakeCore } from "../../tests/support/fake_core.ts";
import { type Moto, startMoto } from "../../tests/support/moto.ts";

const COLLECTS = 24;
const MIB = 1024;

if (import.meta.main) {
  const seconds = Number(Deno.args[0] ?? 60);
  await using moto = await startMoto();
  const only = Deno.args[1];
  for (const collector of ["example", "aws"] as const) {
    if (only !== undefined && only !== collector) continue;
    for (const fork of [false, true]) {
      const figures = await measureWorker(collector, fork, seconds, moto);
      const line = JSON.stringify({ collector, fork, seconds, collects: COLLECTS, ...figures });
      Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
    }
  }
}

async function measureWorker(
  collector: "example" | "aws",
  fork: boolean,
  seconds: number,
  moto: Moto,
) {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const folder = await Deno.makeTempDir({ prefix: "ckworker-bench-" });
  const child = start(core, collector, fork, folder, moto);
  try {
    await core.until(() => core.isConnected("worker-collect_cleanup"));
    const fresh = await idle(child.pid, seconds);
    for (let collect = 0; collect < COLLECTS; collect++) await core.runStep("collect");
    const used = await idle(child.pid, seconds);
    return { fresh, used };
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await Deno.remove(folder, { recursive: true });
  }
}

function start(
  core: FakeCore,
  collector: string,
  fork: boolean,
  folder: string,
  moto: Moto,
): Deno.ChildProcess {
  return new Deno.Command(binaryPath(), {
    args: [
      ...["--ckcore-uri", core.url, "--collector", collector, "--store", `${folder}/store.db`],
      ...["--web-host", "127.0.0.1", "--web-port", "19956", "--quiet"],
      ...(collector === "aws" ? ["--aws-endpoint-url", moto.url, "--aws-region", "us-east-1"] : []),
      ...(fork ? ["--fork"] : []),
    ],
    env: {
      HOME: folder,
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
      // As in the unit and the image of deploy/.
      MALLOC_ARENA_MAX: "2",
      MALLOC_TRIM_THRESHOLD_: "131072",
    },
    clearEnv: true,
    stdout: "null",
    stderr: "inherit",
  }).spawn();
}

/** Memory at the end of some idle seconds, and the processor time that they cost. */
async function idle(pid: number, seconds: number) {
  const before = cpuMs(pid);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return {
    residentMiB: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / MIB),
    cpuMs: cpuMs(pid) - before,
    descriptors: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
  };
}

/** User and system time of a process; the kernel counts in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
