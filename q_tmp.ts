import { openStore } from "./lib/store/mod.ts"; import { prepareQuery } from "./lib/store/query/prepare.ts";
import { parseQuery } from "./lib/query/mod.ts";
import { BASE_KINDS } from "./lib/model/mod.ts";
import model from "./plugins/example/model.json" with {type:"json"};
using store = await openStore({ path: "/tmp/ex/ckworker.db", kinds: [...BASE_KINDS, ...(model as any).kinds], mode: "read", now: () => new Date() });
const qs = Deno.args.length ? Deno.args : [`is(instance)`, `is(instance) and age > 1000d`, `is(account) -[0:]-> is(instance) sort name desc limit 1`, `all <-[0:]-`, `is(network) with(any, --> is(instance))`, `is(network) with(empty, --> is(instance))`, `account == "Example Account" and region =~ "East"`, `not(has_key(tags, [owner]))`, `custom_list_attribute any == foo`, `custom_list_attribute[*] == foo`, `is(instance) {acc: <-[1:]- is(account), below[]: <-- all} acc.reported.name =~ Exam`, `ancestors.network.reported.name == someNetwork`, `metadata.expires < "@NOW@"`.replace("@NOW@", new Date().toISOString()), `is(instance) and instance_cores > 1 #x <-[0:]-`, `metadata.phantom == false and metadata.protected == false and metadata.stale == false and desired.clean != true`, `instance_cores == 4 or instance_cores >= "0"`, `aggregate(kind, account: sum(1) as count): all sort count desc limit 3`, `aggregate(cloud.name as cloud, account.name as account, region.name as region, instance_type as type : sum(instance_cores) as cores) (merge_with_ancestors="cloud,account,region"): is("instance")`, `is(nosuch)`, `instance_coars > 1`, `ctime < nonsense`];
for (const q of qs) {
  try {
    const p = prepareQuery(store, parseQuery(q));
    if (p.sql.aggregation) console.log(q, "=>", JSON.stringify([...p.groups()]));
    else console.log(q, "=>", [...p.nodes()].map((n) => n.id + (n.tag ? "#" + n.tag : "")).join(", "), p.count());
    if (Deno.args.length) { console.log(p.statement.text, p.plan().join("\n")); for (const n of p.nodes()) console.log(n.document()); }
  } catch (e: any) { console.log(q, "!!", e.name, e.message, e.hint, e.at); if (!e.code?.startsWith?.("query")) console.log(e.stack); }
}
