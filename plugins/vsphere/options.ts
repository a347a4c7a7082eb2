import { z } from "zod";

/** A name, an IPv4 address or an IPv6 address, with or without brackets: nothing that leads elsewhere. */
const HOST = /^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?)$/;
/** SHA-256, in pairs of hexadecimal digits with or without colons. */
const THUMBPRINT = /^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$/;

/** Options of the plugin; keys become flags `--vsphere-…`, variables and file keys. */
export const options = z.object({
  user: z.string().min(1).optional().describe("User, such as reader@vsphere.local"),
  password: z.string().min(1).optional().describe("Password of the user").meta({ secret: true }),
  host: z.string().regex(HOST, "must be a host name or address, without https:// and port")
    .optional().describe("Name or address of the vCenter Server, or of a single ESXi host"),
  port: z.int().min(1).max(65_535).default(443).describe("Port of its web services"),
  insecure: z.boolean().default(false).describe("Do not check the certificate of the server"),
  thumbprint: z.string().regex(THUMBPRINT, "must be a SHA-256 thumbprint, 64 hexadecimal digits")
    .optional()
    .describe("Take the certificate with this SHA-256 thumbprint and no other"),
});

/** Validated options. */
export type VsphereOptions = z.output<typeof options>;
