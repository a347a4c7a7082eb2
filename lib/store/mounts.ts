import { statfsSync } from "node:fs";

/**
 * File systems whose locks or shared memory cannot be trusted, so that WAL must not be used; by the
 * magic number that `statfs(2)` gives. A FUSE mount may be anything and counts as one.
 */
const NETWORK_MAGIC: ReadonlyMap<number, string> = new Map([
  [0x01021997, "9p"],
  [0x5346414f, "afs"],
  [0x19830326, "beegfs"],
  [0x00c36400, "ceph"],
  [0xff534d42, "cifs"],
  [0x65735546, "fuse"],
  [0x01161970, "gfs2"],
  [0x47504653, "gpfs"],
  [0x0bd00bd0, "lustre"],
  [0x0000564c, "ncpfs"],
  [0x00006969, "nfs"],
  [0x7461636f, "ocfs2"],
  [0xfe534d42, "smb2"],
  [0x0000517b, "smbfs"],
  [0x786f4256, "vboxsf"],
]);

/** Type of the network file system that a file lies on; undefined for a local one. */
export function networkFileSystem(path: string): string | undefined {
  return networkType(statfsSync(path).type);
}

/** Name of a network file system's magic number, which some systems give as a signed number. */
export function networkType(magic: number): string | undefined {
  return NETWORK_MAGIC.get(magic >>> 0);
}
