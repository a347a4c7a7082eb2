/**
 * Records what a command asks of an AWS server.
 *
 *     deno run -A scripts/bench/replay/record.ts --target http://127.0.0.1:5000 --out estate.json \
 *       --account 123456789012 --region us-east-1 -- python tests/support/aws_expect.py --url {url}
 *
 * `{url}` in the command becomes the recorder's address, which is also its AWS_ENDPOINT_URL. An
 * existing file is added to, so that several clients can be recorded one after the other.
 */
import { parseArgs } from "node:util";
import { identifyCall } from "../../../tests/support/aws_wire.ts";
import { callKey, readRecording, type RecordedCall, type Recording } from "./recording.ts";

/** A server that forwards to `target` and remembers every good answer. */
export class Recorder implements AsyncDisposable {
  readonly url: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #calls = new Map<string, RecordedCall>();

  constructor(target: string, earlier: readonly RecordedCall[] = []) {
    for (const call of earlier) this.#calls.set(callKey(call), call);
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#record(target, request),
    );
    this.url = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** What was recorded, in a stable order. */
  get calls(): readonly RecordedCall[] {
    return [...this.#calls.values()].sort((a, b) => callKey(a) < callKey(b) ? -1 : 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #record(target: string, request: Request): Promise<Response> {
    const url = new URL(request.url);
    const wire = {
      method: request.method,
      target: url.pathname + url.search,
      headers: request.headers,
      body: new Uint8Array(await request.arrayBuffer()),
    };
    const headers = new Headers(request.headers);
    for (const name of ["connection", "content-length", "host", "accept-encoding"]) {
      headers.delete(name);
    }
    const answer = await fetch(target + wire.target, {
      method: wire.method,
      headers,
      redirect: "manual",
      ...(wire.body.length > 0 ? { body: wire.body } : {}),
    });
    const body = await answer.text();
    const type = answer.headers.get("content-type") ?? "text/xml";
    const { service, operation, key } = identifyCall(wire);
    const call = {
      service,
      operation,
      key,
      status: answer.status,
      headers: { "content-type": type },
      body,
    };
    if (answer.status < 500) this.#calls.set(callKey(call), call);
    return new Response(body, { status: answer.status, headers: call.headers });
  }
}

/** Runs `command` against a recorder in front of `target`; returns the recording. */
export async function recordCommand(
  target: string,
  of: Pick<Recording, "account" | "region">,
  command: readonly string[],
  earlier: readonly RecordedCall[] = [],
): Promise<Recording> {
  await using recorder = new Recorder(target, earlier);
  const [program = "", ...args] = command.map((word) => word.replaceAll("{url}", recorder.url));
  const { code } = await new Deno.Command(program, {
    args,
    env: { AWS_ENDPOINT_URL: recorder.url },
    stdout: "null",
  }).output();
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return { ...of, calls: [...recorder.calls] };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      target: { type: "string" },
      out: { type: "string" },
      account: { type: "string", default: "123456789012" },
      region: { type: "string", default: "us-east-1" },
    },
  });
  const { target, out, account, region } = values;
  if (target === undefined || out === undefined) throw new Error("--target and --out are needed");
  const earlier = await readRecording(out).then(({ calls }) => calls, (error: unknown) => {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  });
  const recording = await recordCommand(target, { account, region }, positionals, earlier);
  await Deno.writeTextFile(out, JSON.stringify(recording));
}

if (import.meta.main) await main();
