import { CloudError, type OwnCheck } from "ckworker";
import type { VsphereOptions } from "./options.ts";

/** What is needed to begin, all of it given. */
export interface Setup {
  readonly host: string;
  readonly user: string;
  readonly password: string;
  /** Address of the web services. */
  readonly url: string;
  /** How the certificate is checked; absent: as usual. */
  readonly check?: OwnCheck;
}

/** The option that is missing, in the order in which one would give them. */
export function missingOption(options: VsphereOptions): "host" | "user" | "password" | undefined {
  return (["host", "user", "password"] as const).find((key) => options[key] === undefined);
}

/** Host and port as a right names them; undefined without a host. */
export function placeOf({ host, port }: VsphereOptions): string | undefined {
  return host === undefined ? undefined : `${bracketed(host)}:${port}`;
}

/** @throws CloudError when something is missing */
export function readSetup(options: VsphereOptions): Setup {
  const { host, user, password, insecure, thumbprint } = options;
  if (host === undefined || user === undefined || password === undefined) {
    const missing = missingOption(options) ?? "host";
    throw new CloudError("no_credentials", `vSphere: ${missing} is missing`, {
      context: { plugin: "vsphere" },
      hint: "Give --vsphere-host, --vsphere-user and --vsphere-password-file",
    });
  }
  const url = `https://${placeOf(options)}/sdk`;
  // Of the two the thumbprint is the stricter one.
  const check = thumbprint !== undefined
    ? { thumbprint: thumbprint.replaceAll(":", "").toLowerCase() }
    : insecure
    ? "none" as const
    : undefined;
  return { host, user, password, url, ...(check === undefined ? {} : { check }) };
}

function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
