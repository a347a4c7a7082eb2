import type { Cluster, Source, User } from "./cluster.ts";
import {
  type ConfiguredCluster,
  type ConfiguredUser,
  inFolder,
  type Kubeconfig,
} from "./kubeconfig.ts";

/** The cluster of a context; what it cannot be collected with is told in `refused`. */
export function toCluster(id: string, config: Kubeconfig): Cluster {
  const context = config.contexts.get(id);
  const cluster = config.clusters.get(context?.cluster ?? "");
  const nothing: Cluster = { id, server: "", user: {} };
  if (context === undefined) return refuse(nothing, "there is no such context", "Name another");
  if (cluster === undefined) {
    return refuse(nothing, `its cluster ${context.cluster} is not in the kubeconfig`, "Add it");
  }
  const user = config.users.get(context.user);
  const proxy = cluster["proxy-url"];
  const known: Cluster = {
    id,
    server: cluster.server.replace(/\/+$/, ""),
    ...authorityOf(cluster),
    ...(proxy === undefined || proxy === "" ? {} : { proxy }),
    ...(context.namespace === undefined ? {} : { namespace: { text: context.namespace } }),
    user: user === undefined ? {} : userOf(user),
    ...warningOf(user),
  };
  if (context.user !== "" && user === undefined) {
    return refuse(known, `its user ${context.user} is not in the kubeconfig`, "Add it");
  }
  return refusedCluster(cluster, known) ?? refusedUser(user, known) ?? known;
}

function authorityOf(cluster: ConfiguredCluster): Pick<Cluster, "authority"> {
  const authority = source(cluster, "certificate-authority-data", "certificate-authority");
  return authority === undefined ? {} : { authority };
}

function userOf(user: ConfiguredUser): User {
  const { token, tokenFile, username, password, exec, folder } = user;
  const certificate = source(user, "client-certificate-data", "client-certificate");
  const key = source(user, "client-key-data", "client-key");
  // Like kubectl: the file counts before the text, since it may be renewed.
  const bearer = tokenFile
    ? { file: inFolder(folder, tokenFile) }
    : token
    ? { text: token }
    : undefined;
  return {
    ...(certificate === undefined || key === undefined
      ? {}
      : { certificate: { certificate, key } }),
    ...(bearer === undefined ? {} : { token: bearer }),
    ...(username ? { basic: { username, password: password ?? "" } } : {}),
    ...(exec === undefined
      ? {}
      : { helper: { command: command(exec.command, folder), args: exec.args ?? [] } }),
  };
}

/** A helper runs in the host's environment; a kubeconfig may add nothing to it. */
function warningOf(user: ConfiguredUser | undefined): Pick<Cluster, "warning"> {
  const names = (user?.exec?.env ?? []).map(({ name }) => name);
  if (names.length === 0) return {};
  return {
    warning: `the variables ${
      names.join(", ")
    } of its exec are not set: set them for ckworker itself`,
  };
}

/** A name without a slash is found by the system, another one from the kubeconfig's folder. */
function command(text: string, folder: string): string {
  return text.includes("/") ? inFolder(folder, text) : text;
}

/** The data member counts before the file, as for `kubectl`; it is base64. */
function source<Data extends string, File extends string>(
  entry: { readonly folder: string } & { readonly [key in Data | File]?: string | undefined },
  data: Data,
  file: File,
): Source | undefined {
  const encoded = entry[data];
  if (encoded !== undefined && encoded !== "") return { text: fromBase64(encoded) };
  const path = entry[file];
  return path === undefined || path === "" ? undefined : { file: inFolder(entry.folder, path) };
}

/** Text that is no base64 becomes empty and is refused where a certificate is wanted. */
function fromBase64(encoded: string): string {
  try {
    return atob(encoded.replaceAll(/\s/g, ""));
  } catch {
    return "";
  }
}

function refusedCluster(cluster: ConfiguredCluster, known: Cluster): Cluster | undefined {
  if (!/^https?:\/\/[^/]/.test(known.server) || !URL.canParse(known.server)) {
    return refuse({ ...known, server: "" }, "its server is no address", "Write https://HOST:PORT");
  }
  if (cluster["insecure-skip-tls-verify"] === true && known.server.startsWith("https:")) {
    const hint = "Put the certificate of its authority into certificate-authority-data instead";
    return refuse(known, "insecure-skip-tls-verify is not supported", hint);
  }
  if (cluster["tls-server-name"]) {
    const hint = "Give the API server a certificate with the name or address in server";
    return refuse(known, "tls-server-name is not supported", hint);
  }
  if (known.proxy !== undefined && !/^(https?|socks5):\/\//.test(known.proxy)) {
    return refuse({ ...known, proxy: "" }, "its proxy-url is no address", "Write http://HOST:PORT");
  }
  return undefined;
}

function refusedUser(user: ConfiguredUser | undefined, known: Cluster): Cluster | undefined {
  const provider = user?.["auth-provider"];
  if (provider !== undefined) {
    const hint = "Kubernetes has removed it as well: use the provider's exec program or a token";
    return refuse(known, `auth-provider ${provider.name} is not supported`, hint);
  }
  if (user?.as) {
    return refuse(known, "impersonation (as) is not supported", "Use a user that has the rights");
  }
  return undefined;
}

function refuse(cluster: Cluster, why: string, hint: string): Cluster {
  return { ...cluster, refused: { why, hint } };
}
