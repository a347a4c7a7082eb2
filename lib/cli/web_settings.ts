import { createPrivateKey } from "node:crypto";
import { Secret } from "../config/mod.ts";
import type { WebSettings } from "../daemon/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import type { Invocation } from "./command.ts";

/**
 * Where the web pages are served, and with which certificate.
 * @throws ConfigError when a file cannot be read, or the key not be opened
 */
export function webSettings({ host, settings }: Invocation): WebSettings {
  const { web_host, web_port, web_path, web_token, cert, cert_key, cert_key_pass } = settings;
  if ((cert === undefined) !== (cert_key === undefined)) {
    throw new ConfigError("--cert and --cert-key belong together", {
      hint: "Give both, or none to serve the web pages without TLS",
    });
  }
  const read = (flag: string, path: string) => readFile(flag, path, host.io.readText);
  return {
    host: web_host,
    port: web_port,
    path: web_path,
    ...(web_token === undefined ? {} : { token: new Secret(web_token) }),
    ...(cert === undefined || cert_key === undefined ? {} : {
      tls: {
        cert: read("--cert", cert),
        key: openKey(read("--cert-key", cert_key), cert_key_pass),
      },
    }),
  };
}

/** The server takes keys without a passphrase only. */
function openKey(text: string, passphrase: string | undefined): string {
  if (passphrase === undefined) return text;
  try {
    const exported = createPrivateKey({ key: text, passphrase }).export({
      type: "pkcs8",
      format: "pem",
    });
    return String(exported);
  } catch {
    throw new ConfigError("the key of --cert-key cannot be opened", {
      context: { subject: "--cert-key-pass" },
      hint: "Check the passphrase, and that the file holds a private key in PEM form",
    });
  }
}

function readFile(flag: string, path: string, readText: (path: string) => string): string {
  try {
    return readText(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot read ${path}: ${why}`, { context: { subject: flag }, cause });
  }
}
