import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** A certificate authority with the certificate of its server, all PEM. */
export interface Authority {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly caKey: string;
}

/**
 * Makes an authority and a server certificate for loopback with the `openssl` command.
 * @param names host names of the server's certificate instead of `localhost` and 127.0.0.1
 * @throws Error when openssl is missing or fails
 */
export async function makeAuthority(names?: readonly string[]): Promise<Authority> {
  const folder = await Deno.makeTempDir({ prefix: "fake-core-ca-" });
  try {
    const file = (name: string) => `${folder}/${name}`;
    await openssl(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"], [
      ...["-subj", "/O=Some Engineering Inc./CN=Fix Root CA"],
      ...["-addext", "basicConstraints=critical,CA:true,pathlen:2"],
      ...["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
      ...["-keyout", file("ca.key"), "-out", file("ca.pem")],
    ]);
    await openssl(["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=fake core"], [
      ...["-keyout", file("server.key"), "-out", file("server.csr")],
    ]);
    await signFile(folder, "server", subjectNames(names));
    const read = (name: string) => Deno.readTextFile(file(name));
    const [ca, caKey, cert, key] = await Promise.all(
      ["ca.pem", "ca.key", "server.pem", "server.key"].map(read),
    );
    return { ca: ca ?? "", caKey: caKey ?? "", cert: cert ?? "", key: key ?? "" };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Signs a request for a certificate (PEM); subject and names are taken over.
 * @throws Error when the request is none
 */
export async function signRequest(authority: Authority, csr: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "fake-core-ca-" });
  try {
    await Deno.writeTextFile(`${folder}/ca.pem`, authority.ca);
    await Deno.writeTextFile(`${folder}/ca.key`, authority.caKey);
    await Deno.writeTextFile(`${folder}/worker.csr`, csr);
    await signFile(folder, "worker", undefined);
    return await Deno.readTextFile(`${folder}/worker.pem`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** SHA-256 of a certificate as the core writes it: upper case pairs with colons. */
export function fingerprint(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ""), "base64");
  const digest = createHash("sha256").update(der);
  return (digest.digest("hex").toUpperCase().match(/../g) ?? []).join(":");
}

function subjectNames(names: readonly string[] | undefined): string {
  return names === undefined
    ? "DNS:localhost,IP:127.0.0.1"
    : names.map((name) => `${/^[\d.]+$/.test(name) ? "IP" : "DNS"}:${name}`).join(",");
}

async function signFile(folder: string, name: string, names: string | undefined) {
  const extensions = [
    "basicConstraints=CA:false",
    "keyUsage=critical,digitalSignature,keyEncipherment",
    "extendedKeyUsage=serverAuth,clientAuth",
    ...(names === undefined ? [] : [`subjectAltName=${names}`]),
  ];
  await Deno.writeTextFile(`${folder}/${name}.ext`, extensions.join("\n"));
  await openssl(["x509", "-req", "-days", "365", "-CAcreateserial"], [
    ...["-in", `${folder}/${name}.csr`, "-CA", `${folder}/ca.pem`, "-CAkey", `${folder}/ca.key`],
    ...(names === undefined ? ["-copy_extensions", "copy"] : []),
    ...["-extfile", `${folder}/${name}.ext`, "-out", `${folder}/${name}.pem`],
  ]);
}

async function openssl(command: readonly string[], args: readonly string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command("openssl", {
    args: [...command, ...args],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(`openssl ${command[0]}: ${new TextDecoder().decode(stderr)}`);
}
