import type { WireRequest } from "./aws_wire.ts";
import { encodeAnswer, isGone, RawHttpServer, type Served, writeAll } from "./raw_http.ts";

/** A proxy for `HTTPS_PROXY` and `HTTP_PROXY` that remembers what it was asked for. */
export interface ConnectProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** `host:port` of each CONNECT and plain request, in order. */
  readonly asked: readonly string[];
}

/**
 * Starts an HTTP proxy on a free loopback port: CONNECT tunnels and plain forwarding.
 * @param resolve where to connect for a `host:port`; the asked one by default. So a name of the
 *   cloud can lead to a local server.
 */
export function startConnectProxy(
  resolve: (asked: string) => string = (asked) => asked,
): ConnectProxy {
  const asked: string[] = [];
  const tunnels = new Set<Deno.Conn>();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = new RawHttpServer(listener, async (request, connection) => {
    if (request.method === "CONNECT") {
      asked.push(request.target);
      return await tunnel(resolve(request.target), connection, tunnels);
    }
    const url = new URL(request.target);
    asked.push(withPort(url));
    return await forward(request, url, resolve(withPort(url)), connection);
  });
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const open of tunnels) open.close();
      tunnels.clear();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A TLS front with a private authority before a plain HTTP server. */
export interface TlsFront extends AsyncDisposable {
  /** `https://127.0.0.1:PORT`; the certificate is for `localhost` and 127.0.0.1. */
  readonly url: string;
  readonly port: number;
  /** Path of the authority's certificate, for `--ca-cert`. */
  readonly caFile: string;
}

/**
 * Starts a TLS server that passes the bytes to `target` (`http://127.0.0.1:5000`). Authority and
 * certificate are made by the `openssl` command, in a temporary folder that goes with the server.
 * @param names further host names of the certificate, `*.amazonaws.com`
 * @throws Error when openssl is missing or fails
 */
export async function startTlsFront(
  target: string,
  names: readonly string[] = [],
): Promise<TlsFront> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-tls-" });
  const { cert, key, caFile } = await makeCertificate(folder, names);
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
  const { hostname, port } = new URL(target);
  const open = new Set<Deno.Conn>();
  const passing = passAll(listener, `${hostname}:${port}`, open);
  return {
    url: `https://127.0.0.1:${listener.addr.port}`,
    port: listener.addr.port,
    caFile,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      for (const connection of open) connection.close();
      open.clear();
      await passing;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function tunnel(target: string, client: Deno.Conn, open: Set<Deno.Conn>): Promise<Served> {
  const server = await connect(target).catch(() => undefined);
  if (server === undefined) {
    await writeAll(client, encodeAnswer({ status: 502, headers: {}, body: new Uint8Array() }));
    return "close";
  }
  open.add(server);
  await writeAll(client, new TextEncoder().encode("HTTP/1.1 200 Connection established\r\n\r\n"));
  await join(client, server);
  if (open.delete(server)) server.close();
  return "close";
}

async function forward(
  request: WireRequest,
  url: URL,
  target: string,
  connection: Deno.Conn,
): Promise<Served> {
  const headers = new Headers(request.headers);
  for (const name of ["proxy-connection", "connection", "content-length"]) headers.delete(name);
  const answer = await fetch(`http://${target}${url.pathname}${url.search}`, {
    method: request.method,
    headers,
    redirect: "manual",
    ...(request.body.length > 0 ? { body: request.body.slice() } : {}),
  });
  const body = new Uint8Array(await answer.arrayBuffer());
  const type = answer.headers.get("content-type") ?? "text/plain";
  await writeAll(
    connection,
    encodeAnswer({ status: answer.status, headers: { "content-type": type }, body }),
  );
  return "keep";
}

async function passAll(
  listener: Deno.TlsListener,
  target: string,
  open: Set<Deno.Conn>,
): Promise<void> {
  const passing = new Set<Promise<void>>();
  for (;;) {
    let client: Deno.TlsConn;
    try {
      client = await listener.accept();
    } catch (error) {
      if (error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted) {
        break;
      }
      continue;
    }
    const passed = pass(client, target, open).finally(() => passing.delete(passed));
    passing.add(passed);
  }
  await Promise.all(passing);
}

async function pass(client: Deno.Conn, target: string, open: Set<Deno.Conn>): Promise<void> {
  const server = await connect(target);
  open.add(client).add(server);
  await join(client, server);
  for (const connection of [client, server]) if (open.delete(connection)) connection.close();
}

/** Copies both ways until one side ends; the other is then closed by the caller. */
async function join(client: Deno.Conn, server: Deno.Conn): Promise<void> {
  await Promise.race([copy(client, server), copy(server, client)]);
}

async function copy(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const chunk = new Uint8Array(65536);
  try {
    for (let count = await from.read(chunk); count !== null; count = await from.read(chunk)) {
      await writeAll(to, chunk.subarray(0, count));
    }
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function connect(target: string): Promise<Deno.Conn> {
  const colon = target.lastIndexOf(":");
  return Deno.connect({ hostname: target.slice(0, colon), port: Number(target.slice(colon + 1)) });
}

function withPort(url: URL): string {
  return `${url.hostname}:${url.port === "" ? 80 : url.port}`;
}

async function makeCertificate(folder: string, names: readonly string[]) {
  const at = (name: string) => `${folder}/${name}`;
  const alternative = ["DNS:localhost", "IP:127.0.0.1", ...names.map((name) => `DNS:${name}`)];
  await Deno.writeTextFile(at("ext"), `subjectAltName=${alternative.join(",")}\n`);
  const fresh = ["req", "-newkey", "rsa:2048", "-nodes"];
  await openssl([
    ...fresh,
    "-x509",
    "-days",
    "2",
    "-subj",
    "/CN=ckworker test authority",
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
  ]);
  await openssl([...fresh, "-subj", "/CN=localhost", "-keyout", at("key.pem"), "-out", at("csr")]);
  await openssl([
    "x509",
    "-req",
    "-days",
    "2",
    "-in",
    at("csr"),
    "-CA",
    at("ca.pem"),
    "-CAkey",
    at("ca.key"),
    "-CAcreateserial",
    "-extfile",
    at("ext"),
    "-out",
    at("cert.pem"),
  ]);
  return {
    cert: await Deno.readTextFile(at("cert.pem")),
    key: await Deno.readTextFile(at("key.pem")),
    caFile: at("ca.pem"),
  };
}

async function openssl(args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args: [...args] }).output();
  if (!success) throw new Error(`openssl ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
