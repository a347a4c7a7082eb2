/**
 * Measures two ways to list the instances of a Google Cloud project in a guest: the client library
 * `@google-cloud/compute` over REST, and requests of our own with the SDK's caller. Both are bundled
 * as guests are and run in a Web Worker with the rights that they need, against a server on loopback.
 *
 *     deno run -A scripts/bench/gcp_clients.ts [INSTANCES] [RUNS]
 *
 * Brings the library into a folder of its own, since ckworker does not use it. Prints one JSON line
 * per way: size of the bundle, and medians of the time until the guest has its first page and its
 * last, and of the memory that the process needs beyond one with an empty guest.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import { OPTIONS } from "../build/bundle.ts";
import { measured, median } from "./measure.ts";
import { serveInstances } from "./gcp_clients/serve.ts";

const LIBRARY = "@google-cloud/compute@6.15.0";
const WAYS = ["empty", "rest", "library"] as const;

if (import.meta.main) {
  const [instances = 5_000, runs = 7] = Deno.args.map(Number);
  const folder = await Deno.makeTempDir({ prefix: "ckworker-bench-" });
  try {
    await bringLibrary(folder);
    await using server = serveInstances(instances);
    let empty = 0;
    for (const way of WAYS) {
      const bundled = await bundle(folder, way);
      const figures = await measure(bundled.path, server.port, runs);
      if (way === "empty") {
        empty = figures.peakMiB;
        continue;
      }
      const { firstMs, lastMs, peakMiB, found } = figures;
      if (found !== instances) throw new Error(`${way} found ${found} of ${instances}`);
      const kB = Math.round(bundled.bytes / 1_000);
      print({ way, instances, runs, bundleKB: kB, firstMs, lastMs, moreMiB: peakMiB - empty });
    }
  } finally {
    await stop();
    await Deno.remove(folder, { recursive: true });
  }
}

async function bringLibrary(folder: string): Promise<void> {
  await Deno.writeTextFile(join(folder, "package.json"), '{ "private": true }\n');
  const { success, stderr } = await new Deno.Command("npm", {
    args: ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", LIBRARY],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Bundles a guest as scripts/build/bundle.ts does; returns its path and the size of all chunks. */
async function bundle(folder: string, way: typeof WAYS[number]) {
  const here = fileURLToPath(new URL("./gcp_clients/", import.meta.url));
  const outdir = join(folder, way);
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: [join(here, `${way}.ts`)],
    outdir,
    outbase: here,
    nodePaths: [join(folder, "node_modules")],
    alias: { ckworker: fileURLToPath(new URL("../../mod.ts", import.meta.url)) },
    // The library asks for it.
    banner: { js: `${OPTIONS.banner.js}\nconst __dirname = import.meta.dirname;` },
    logLevel: "error",
  });
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  return { path: join(outdir, `${way}.js`), bytes };
}

async function measure(guest: string, port: number, runs: number) {
  const host = fileURLToPath(new URL("./gcp_clients/host.ts", import.meta.url));
  const command = [
    Deno.execPath(),
    "run",
    "--allow-all",
    "--unstable-worker-options",
    "--no-config",
  ];
  const ends = [];
  // The first run fills the code cache.
  for (let run = 0; run <= runs; run++) {
    const { output, peakMiB } = await measured([...command, host, guest, String(port)]);
    if (run > 0) ends.push({ ...JSON.parse(output.trim().split("\n").at(-1) ?? ""), peakMiB });
  }
  return {
    found: ends[0]?.found,
    firstMs: Math.round(median(ends.map(({ firstMs }) => firstMs))),
    lastMs: Math.round(median(ends.map(({ lastMs }) => lastMs))),
    peakMiB: Math.round(median(ends.map(({ peakMiB }) => peakMiB))),
  };
}

function print(line: object): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
}
