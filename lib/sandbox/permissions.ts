import { SandboxError } from "../errors/mod.ts";
import type { Permissions } from "../sdk/mod.ts";

/** Rights of a Web Worker; what a manifest cannot ask for is denied by name. */
export interface WorkerPermissions {
  readonly net: false | string[];
  readonly env: false | string[];
  readonly read: false | string[];
  readonly sys: false | string[];
  readonly write: false;
  readonly run: false;
  readonly ffi: false;
  readonly import: false;
}

/** Turns what a manifest asks for into exactly these rights; a missing key is denied. */
export function workerPermissions(asked: Permissions): WorkerPermissions {
  return {
    net: grant(asked.net),
    env: grant(asked.env),
    read: grant(asked.read),
    sys: grant(asked.sys),
    write: false,
    run: false,
    ffi: false,
    import: false,
  };
}

/**
 * Names the rights that a manifest asks for and the program itself does not hold, or the runtime
 * cannot read.
 */
export function missingRights(asked: Permissions): string[] {
  const missing: string[] = [];
  for (const [key, descriptor] of descriptors(asked)) {
    try {
      if (Deno.permissions.querySync(descriptor).state !== "granted") missing.push(key);
    } catch {
      // The runtime throws on text that is no host or no kind of system information.
      missing.push(`${key} (not understood)`);
    }
  }
  return missing;
}

/** The error for a guest that could not be created because of its rights. */
export function cannotGrant(plugin: string, asked: Permissions, cause: unknown): SandboxError {
  const missing = missingRights(asked);
  const what = missing.length === 0 ? String(cause) : missing.join(", ");
  return new SandboxError(
    "spawn",
    `Plugin "${plugin}" asks for rights that cannot be given: ${what}`,
    {
      context: { plugin, ...(missing[0] === undefined ? {} : { subject: missing[0] }) },
      hint: "ckworker itself must hold what a plugin needs; check how it was started.",
      cause,
    },
  );
}

function grant(entries: readonly string[] | undefined): false | string[] {
  return entries === undefined || entries.length === 0 ? false : [...entries];
}

function* descriptors(asked: Permissions): Generator<[string, Deno.PermissionDescriptor]> {
  for (const host of asked.net ?? []) yield [`net "${host}"`, { name: "net", host }];
  for (const variable of asked.env ?? []) {
    yield [`env "${variable}"`, { name: "env", variable }];
  }
  for (const path of asked.read ?? []) yield [`read "${path}"`, { name: "read", path }];
  for (const kind of asked.sys ?? []) yield [`sys "${kind}"`, sysDescriptor(kind)];
}

/** The type lists the kinds that exist; others make the query throw, which is what we want. */
function sysDescriptor(kind: string): Deno.SysPermissionDescriptor {
  return { name: "sys", kind: kind as NonNullable<Deno.SysPermissionDescriptor["kind"]> };
}
