/** File of the store: the one asked for, else in the first `$STATE_DIRECTORY`, else here. */
export function storePath(
  asked: string | undefined,
  env: Readonly<Record<string, string>>,
): string {
  if (asked !== undefined) return asked;
  const folder = env.STATE_DIRECTORY?.split(":")[0];
  return folder ? `${folder.replace(/\/+$/, "")}/ckworker.db` : "./ckworker.db";
}
