/** File systems whose locks or shared memory cannot be trusted, so that WAL must not be used. */
const NETWORK_TYPES: ReadonlySet<string> = new Set([
  "9p",
  "afs",
  "beegfs",
  "ceph",
  "cifs",
  "davfs",
  "drvfs",
  "fuse.ceph",
  "fuse.gcsfuse",
  "fuse.glusterfs",
  "fuse.rclone",
  "fuse.s3fs",
  "fuse.sshfs",
  "gfs2",
  "glusterfs",
  "gpfs",
  "lustre",
  "ncpfs",
  "nfs",
  "nfs4",
  "ocfs2",
  "prl_fs",
  "smb2",
  "smb3",
  "smbfs",
  "vboxsf",
  "virtiofs",
]);

/**
 * Type of the network file system that a file lies on; undefined for a local one.
 *
 * @param mountinfo text of `/proc/self/mountinfo`: mount point in field 5, type after ` - `
 * @param path absolute path without links
 */
export function networkFileSystem(mountinfo: string, path: string): string | undefined {
  const type = mountinfo.split("\n")
    .map(parseMount)
    .filter((mount) => mount !== undefined)
    .filter(({ point }) => isWithin(path, point))
    // A later mount on the same point hides the earlier one, hence `>=`.
    .reduce<Mount | undefined>(
      (best, mount) => best === undefined || mount.point.length >= best.point.length ? mount : best,
      undefined,
    )?.type;
  return type !== undefined && NETWORK_TYPES.has(type) ? type : undefined;
}

interface Mount {
  readonly point: string;
  readonly type: string;
}

function parseMount(line: string): Mount | undefined {
  const [left, right] = line.split(" - ");
  const point = left?.split(" ")[4];
  const type = right?.split(" ")[0];
  return point === undefined || type === undefined ? undefined : { point: unescape(point), type };
}

/** Blanks and the like are written as three octal digits. */
function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));
}

function isWithin(path: string, point: string): boolean {
  return point === "/" || path === point || path.startsWith(`${point}/`);
}
