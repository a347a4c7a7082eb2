import { join } from "node:path";

/** Paths of PEM files in one folder. */
export interface Certificates {
  readonly authority: string;
  /** Of the server, for 127.0.0.1. */
  readonly server: string;
  readonly serverKey: string;
  /** Makes a client's certificate of this name and returns the paths of it and its key. */
  client(
    name: string,
    kind?: ClientKind,
  ): Promise<{ readonly certificate: string; readonly key: string }>;
}

/** What is special about a client's certificate. */
export type ClientKind = "usual" | "version 1" | "expired" | "weak" | "ec" | "p521" | "ed25519";

/** Makes an authority and a server's certificate with the `openssl` command. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const at = (name: string) => join(folder, name);
  await Deno.mkdir(folder, { recursive: true });
  await openssl(folder, [
    ..."req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -subj /CN=tests -days 2".split(
      " ",
    ),
  ]);
  await Deno.writeTextFile(at("server.ext"), "subjectAltName=IP:127.0.0.1\n");
  await Deno.writeTextFile(at("client.ext"), "extendedKeyUsage=clientAuth\n");
  await request(folder, "server", "usual");
  await sign(folder, "server", ["-extfile", "server.ext", "-days", "2"]);
  return {
    authority: at("ca.crt"),
    server: at("server.crt"),
    serverKey: at("server.key"),
    async client(name, kind = "usual") {
      await request(folder, name, kind);
      const extension = kind === "version 1" ? [] : ["-extfile", "client.ext"];
      const days = kind === "expired" ? "-1" : "2";
      await sign(folder, name, [...extension, "-days", days]);
      return { certificate: at(`${name}.crt`), key: at(`${name}.key`) };
    },
  };
}

const ALGORITHMS: Readonly<Record<ClientKind, readonly string[]>> = {
  usual: ["rsa:2048"],
  "version 1": ["rsa:2048"],
  expired: ["rsa:2048"],
  weak: ["rsa:1024"],
  ec: ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  p521: ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
  ed25519: ["ed25519"],
};

async function request(folder: string, name: string, kind: ClientKind): Promise<void> {
  const files = ["-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`];
  await openssl(folder, ["req", "-newkey", ...ALGORITHMS[kind], ...files]);
}

async function sign(folder: string, name: string, more: readonly string[]): Promise<void> {
  // A serial number of its own: several may be signed at once, and a file of them would be shared.
  const serial = String(crypto.getRandomValues(new Uint32Array(1))[0]);
  const files = ["-in", `${name}.csr`, "-CA", "ca.crt", "-CAkey", "ca.key", "-set_serial", serial];
  await openssl(folder, ["x509", "-req", ...files, "-out", `${name}.crt`, ...more]);
}

async function openssl(cwd: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args: [...args], cwd }).output();
  if (!success) throw new Error(`openssl ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
