import { join } from "node:path";
import { type Ended, runProgram } from "./binary.ts";

/** A user that exists nowhere. */
const STRANGER = "54321";

/** Makes everything but `$1` read-only in an own mount name space and runs the rest as a stranger. */
const CONFINE = `set -e
mount --make-rprivate /
mount -t tmpfs -o mode=0777 tmpfs "$1"
mount -o remount,bind,ro /
if touch "$1/../probe" 2>/dev/null; then echo "the root is not read-only" >&2; exit 99; fi
shift
exec setpriv --reuid ${STRANGER} --regid ${STRANGER} --clear-groups -- "$@"`;

/**
 * Runs a program as an unknown user on a root that is read-only but for one folder.
 * @param data the folder that is writable, and empty at first
 * @param env variables beside the path
 */
export function runConfined(
  program: string,
  data: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const command = ["--mount", "sh", "-c", CONFINE, "confine", data, program, ...args];
  return runProgram("unshare", command, {
    cwd: "/",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...env },
  });
}

/** Why this machine cannot run a program on a read-only root as another user, if so. */
export async function reasonAgainstConfinement(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "needs Linux";
  if (Deno.uid() !== 0) return "needs root";
  const folder = await Deno.makeTempDir();
  try {
    await Deno.chmod(folder, 0o755);
    const data = join(folder, "data");
    await Deno.mkdir(data);
    const { code, stderr } = await runConfined("true", data, []);
    return code === 0 ? undefined : `no mount name space: ${stderr.trim().split("\n")[0]}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "needs unshare, mount and setpriv";
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
