import { faultAnswer, startVcenter, type Vcenter } from "../vsphere/vcenter.ts";
import type { VcsimEstate } from "../vsphere/vcsim.ts";
import { FAST_SAAS, type PluginCounterpart } from "./counterpart.ts";
import { refuse, serviceCounterpart } from "./saas.ts";

/** One of everything that the simulator can make by itself. */
const EVERYTHING: VcsimEstate = { pod: 1, app: 1, pool: 1, folder: 1, nsx: 1, host: 1, vm: 1 };

/** VMware's own simulator. */
export const vsphere: PluginCounterpart = {
  plugin: "vsphere",
  base: FAST_SAAS,
  async start(holding) {
    const vcenter = await startVcenter(holding === "everything" ? EVERYTHING : { dc: 0 });
    if (holding === "everything") await addTheRest(vcenter);
    const counterpart = serviceCounterpart(vcenter.api, { ...vcenter.options, insecure: true }, {
      "broken list": { path: /^RetrievePropertiesEx Datastore$/, effect: refuse(503) },
      "bad record": {
        path: /^RetrievePropertiesEx Datastore$/,
        effect: {
          type: "rewrite",
          rewrite: (text) => text.replace(/<obj [^>]*>[^<]*<\/obj>/, ""),
        },
      },
      "no credentials": { path: /^Login/, effect: faultAnswer("InvalidLogin") },
    });
    return { ...counterpart, [Symbol.asyncDispose]: () => vcenter[Symbol.asyncDispose]() };
  },
};

/** A snapshot and a template, each of another machine. */
async function addTheRest({ admin }: Vcenter): Promise<void> {
  const machine = (name: string) => admin.find("VirtualMachine", name);
  await admin.snapshot(await machine("DC0_H0_VM0"), "first");
  const template = await machine("DC0_C0_RP1_VM0");
  await admin.task("PowerOffVM_Task", template);
  await admin.call("MarkAsTemplate", template);
}
