import { ConfigError } from "../errors/mod.ts";
import type { CoreSettings } from "../daemon/mod.ts";
import { readCaCertificates } from "./collect_request.ts";
import type { Invocation } from "./command.ts";

/** Where a core is when nothing is said. */
const DEFAULT_URI = "http://localhost:8900";

/**
 * The core whose address is given by flag, variable or file; undefined when none is.
 * @throws ConfigError when two are given, or the certificates cannot be read
 */
export function coreSettings(invocation: Invocation): CoreSettings | undefined {
  const { ckcore_uri, fixcore_uri } = invocation.settings;
  if (ckcore_uri !== undefined && fixcore_uri !== undefined) {
    throw new ConfigError("--ckcore-uri and --fixcore-uri name two cores", {
      hint: "Leave one out: a worker has one core",
    });
  }
  const uri = fixcore_uri ?? ckcore_uri;
  return uri === undefined ? undefined : settingsOf(invocation, uri);
}

/** The core of the daemon: the one given, else one on this machine. @throws ConfigError as above */
export function daemonCore(invocation: Invocation): CoreSettings {
  return coreSettings(invocation) ?? settingsOf(invocation, DEFAULT_URI);
}

function settingsOf(invocation: Invocation, uri: string): CoreSettings {
  const { settings, host } = invocation;
  const { ckcore_ws_uri, psk, core_dialect, fixcore_uri, no_verify_certs } = settings;
  const dialect = core_dialect !== "auto"
    ? core_dialect
    : fixcore_uri === undefined
    ? undefined
    : "fixcore";
  return {
    uri,
    ...(ckcore_ws_uri === undefined ? {} : { wsUri: ckcore_ws_uri }),
    ...(psk === undefined ? {} : { psk }),
    ...(dialect === undefined ? {} : { dialect }),
    ...readCaCertificates(invocation),
    verify: !no_verify_certs,
    env: host.env,
  };
}
