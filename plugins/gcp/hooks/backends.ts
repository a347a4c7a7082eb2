import { textsAt } from "ckworker";
import type { Attach } from "../resource.ts";

/** Instances that a forwarding rule leads to, over whatever lies between. */
export const backendsOf: Attach = {
  operations: [],
  gives: [],
  run(raw, tools) {
    const links = [...textsAt(raw, "target"), ...textsAt(raw, "backendService")];
    const names = tools.instancesBehind(links);
    return Promise.resolve(names === undefined ? { $keep: ["backends"] } : { $backends: names });
  },
};
