import { fileURLToPath } from "node:url";
import { pythonPath } from "../python.ts";
import type { Certificates } from "./certificates.ts";

/** A TLS server before a fake API that wants a client certificate of the tests' authority. */
export interface MtlsFront extends AsyncDisposable {
  readonly url: string;
}

/** Starts it; it tells the API the client's name in the header `x-client-name`. */
export async function startMtlsFront(certificates: Certificates, port: number): Promise<MtlsFront> {
  const { server, serverKey, authority } = certificates;
  const script = fileURLToPath(new URL("mtls_front.py", import.meta.url));
  const child = new Deno.Command(pythonPath(), {
    args: [script, server, serverKey, authority, String(port)],
    stdout: "piped",
    stderr: "null",
    stdin: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  return {
    url: `https://127.0.0.1:${new TextDecoder().decode(value).trim()}`,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await reader.cancel();
      await child.status;
    },
  };
}
