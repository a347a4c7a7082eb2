/**
 * What each collector is tested against: one line for each, which the registry-wide suite
 * (`tests/contract/plugins_test.ts`) asks for.
 *
 * @module
 */
import { aws } from "./aws.ts";
import type { PluginCounterpart } from "./counterpart.ts";
import { example } from "./example.ts";
import { github } from "./github.ts";
import { k8s } from "./k8s.ts";
import { onelogin } from "./onelogin.ts";
import { random } from "./random.ts";
import { remote } from "./remote.ts";
import { slack } from "./slack.ts";

export * from "./counterpart.ts";

/** One for every built-in collector. */
export const COUNTERPARTS: readonly PluginCounterpart[] = [
  aws,
  example,
  github,
  k8s,
  onelogin,
  random,
  remote,
  slack,
];
