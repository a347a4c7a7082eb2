/**
 * What each collector is tested against: one line for each, which the registry-wide suite
 * (`tests/contract/plugins_test.ts`) asks for.
 *
 * @module
 */
import { aws } from "./aws.ts";
import type { PluginCounterpart } from "./counterpart.ts";
import { example } from "./example.ts";
import { gcp } from "./gcp.ts";
import { github } from "./github.ts";
import { k8s } from "./k8s.ts";
import { onelogin } from "./onelogin.ts";
import { onprem } from "./onprem.ts";
import { random } from "./random.ts";
import { remote } from "./remote.ts";
import { slack } from "./slack.ts";
import { vsphere } from "./vsphere.ts";

export * from "./counterpart.ts";

/** One for every built-in collector. */
export const COUNTERPARTS: readonly PluginCounterpart[] = [
  aws,
  example,
  gcp,
  github,
  k8s,
  onelogin,
  onprem,
  random,
  remote,
  slack,
  vsphere,
];
