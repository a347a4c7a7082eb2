/** Name under which references look objects up: their links without what differs between calls. */
export const RESOURCE_PATH = "resource_path";

const HOST =
  /^(?:https:)?\/\/(?:www\.googleapis\.com\/([a-z]+)|(?:[a-z0-9-]+-)?([a-z]+)\.googleapis\.com)\//;
/** What names without a host begin with. */
const NAME = /^(?:projects|billingAccounts)\//;
const VERSION = /^(?:[a-z]+\/)?(?:v\d\w*|alpha|beta)\//;

/**
 * A link without host and version: `https://www.googleapis.com/compute/v1/projects/p/global/networks/n`
 * and `https://compute.googleapis.com/compute/beta/projects/p/…` are both
 * `compute/projects/p/global/networks/n`, since an object may name another one either way. A host of a
 * region, `us-east1-aiplatform.googleapis.com`, is its service, and the names that the Security Command
 * Center has, `//compute.googleapis.com/projects/p/…`, are links.
 * @param own service that a name without a host, `projects/p/…`, is of
 */
export function resourcePath(link: string, own?: string): string {
  const [host, short, long] = HOST.exec(link) ?? [];
  if (host === undefined) {
    return own !== undefined && NAME.test(link) ? `${own}/${link}` : link;
  }
  const service = short ?? long ?? "";
  const path = link.slice(host.length).replace(VERSION, "");
  return `${service}/${path}`;
}

/** The last part of a link or path. */
export function lastSegment(link: string): string {
  return link.slice(link.lastIndexOf("/") + 1);
}
