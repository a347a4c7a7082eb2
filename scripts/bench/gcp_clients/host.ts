/** Runs one guest and prints when its first page and its last were there, from before its start. */
import { pathToFileURL } from "node:url";

const [guest = "", port = ""] = Deno.args;
const started = performance.now();
const worker = new Worker(pathToFileURL(guest), {
  type: "module",
  deno: {
    permissions: {
      net: [`127.0.0.1:${port}`],
      // What the library looks at before its first request.
      env: [
        "GRPC_*",
        "GOOGLE_*",
        "GCLOUD_*",
        "*_PROXY",
        "*_proxy",
        "HTTP2_DEBUG",
        "NODE_*",
        "DEBUG",
        "HOME",
        "K_*",
        "FUNCTION_*",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "grpc_proxy",
        "no_grpc_proxy",
        "APPDATA",
        "CLOUDSDK_CONFIG",
        "readable_stream",
        "READABLE_STREAM",
        "PROTOBUF_*",
        "GAE_*",
      ],
      read: false,
      write: false,
      run: false,
      ffi: false,
      sys: true,
      import: false,
    },
  },
} as WorkerOptions);
const times: Record<string, number> = {};
worker.onmessage = ({ data }: MessageEvent<{ readonly at: string; readonly found: number }>) => {
  times[data.at] = performance.now() - started;
  if (data.at !== "last") return;
  const line = { firstMs: times["first"], lastMs: times["last"], found: data.found };
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
  Deno.exit(0);
};
worker.onerror = (event) => {
  Deno.stderr.writeSync(new TextEncoder().encode(`${event.message}\n`));
  Deno.exit(1);
};
worker.postMessage(Number(port));
