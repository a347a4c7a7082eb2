import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What the simulated vCenter holds, by flag of `vcsim`. */
export interface VcsimEstate {
  /** Data centers. */
  readonly dc?: number;
  /** Clusters in each. */
  readonly cluster?: number;
  /** Hosts in each cluster. */
  readonly host?: number;
  readonly "standalone-host"?: number;
  /** Virtual machines in each resource pool. */
  readonly vm?: number;
  readonly pool?: number;
  readonly app?: number;
  readonly ds?: number;
  /** Clusters of datastores. */
  readonly pod?: number;
  readonly folder?: number;
  /** Networks of another product. */
  readonly nsx?: number;
}

/** How it is started. */
export interface VcsimOptions extends VcsimEstate {
  /** Certificate and key (PEM files); without them it makes a certificate that nobody trusts. */
  readonly certificate?: { readonly path: string; readonly key: string };
  /** Plain HTTP, for a proxy before it. */
  readonly plain?: boolean;
  /** A single ESXi host. */
  readonly esx?: boolean;
  readonly apiVersion?: string;
}

/** Who may log in. */
export const USER = "reader <&>";
export const PASSWORD = `s3cr3t <&> "pass'word"`;

/** A running simulator of VMware's own. */
export interface Vcsim extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** Limit for the start, milliseconds. */
const START_LIMIT = 60_000;

/**
 * Starts the simulator on a free loopback port and returns when it has told its address.
 * @throws Error with its error output when it ends or stays silent
 */
export async function startVcsim(options: VcsimOptions = {}): Promise<Vcsim> {
  const { child, stop } = await spawnVcsim(options);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const timer = setTimeout(stop, START_LIMIT);
  try {
    const port = await readPort(reader);
    return {
      url: `${options.plain === true ? "http" : "https"}://127.0.0.1:${port}`,
      port,
      [Symbol.asyncDispose]: async () => {
        await stop();
        await reader.cancel();
      },
    };
  } catch (cause) {
    await reader.cancel();
    throw new Error(`vcsim did not start: ${await stop()}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Its process, and what ends it and tells its error output; twice does no harm. */
async function spawnVcsim(options: VcsimOptions): Promise<{
  readonly child: Deno.ChildProcess;
  readonly stop: () => Promise<string>;
}> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-vcsim-" });
  const child = new Deno.Command(vcsimPath(), {
    args: [...argumentsOf(options)],
    // Its datastores lie there, and would stay when it is ended.
    env: { TMPDIR: folder },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  let ended = false;
  const over = child.status.then(() => {
    ended = true;
  });
  const end = async () => {
    if (!ended) child.kill("SIGKILL");
    await over;
    await child.stdin.abort();
    await Deno.remove(folder, { recursive: true });
    return await errors;
  };
  let stopped: Promise<string> | undefined;
  return { child, stop: () => stopped ??= end() };
}

/** It ends by itself when its standard input does, so that it does not outlive the tests. */
function argumentsOf(
  { certificate, plain = false, esx = false, apiVersion = "7.0.3.0", ...estate }: VcsimOptions,
): readonly string[] {
  return [
    ...["-l", "127.0.0.1:0", "-username", USER, "-password", PASSWORD, "-stdinexit"],
    ...["-api-version", apiVersion, `-tls=${!plain}`, `-esx=${esx}`],
    ...Object.entries(estate).flatMap(([flag, count]) => [`-${flag}`, String(count)]),
    ...(certificate === undefined
      ? []
      : ["-tlscert", certificate.path, "-tlskey", certificate.key]),
  ];
}

async function readPort(reader: ReadableStreamDefaultReader<string>): Promise<number> {
  for (let text = "";;) {
    const { value, done } = await reader.read();
    if (done) throw new Error("it ended without telling its address");
    text += value;
    const port = /GOVC_URL=\S*@127\.0\.0\.1:(\d+)\/sdk\b/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
}

/** @throws Error when `scripts/setup --tests` has not been run */
function vcsimPath(): string {
  const path = fileURLToPath(new URL("../../../.tools/vcsim/vcsim", import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} does not exist: run scripts/setup --tests`);
  return path;
}
