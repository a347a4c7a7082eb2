import type { DialectName } from "../core/mod.ts";

/**
 * The query for everything that is to be cleaned up, with all that it stands on and all that stands on
 * it, in the words of a generation of cores.
 * @param clouds only nodes of these; empty for all
 */
export function cleanupQuery(dialect: DialectName, clouds: readonly string[]): string {
  const list = `[${clouds.map((cloud) => JSON.stringify(cloud)).join(", ")}]`;
  if (dialect === "ckcore") {
    const among = clouds.length === 0 ? "" : ` and ancestors.cloud.reported.id in ${list}`;
    return `desired.clean == true and metadata.cleaned == false${among} <-[0:]->`;
  }
  const among = clouds.length === 0 ? "" : ` and /ancestors.cloud.reported.id in ${list}`;
  return "/desired.clean == true and /metadata.cleaned != true and /metadata.protected!=true" +
    `${among} <-default,delete[0:]->`;
}
