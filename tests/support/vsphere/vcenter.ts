import { join } from "node:path";
import { type FakeApi, startFakeApi } from "../saas/fake_api.ts";
import { type Certificates, makeCertificates } from "../k8s/certificates.ts";
import { Admin } from "./admin.ts";
import { PASSWORD, startVcsim, USER, type VcsimOptions } from "./vcsim.ts";

/** Options of the plugin by which it reaches a server of the tests. */
export type VcenterOptions = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly insecure: boolean;
};

/**
 * The simulator behind a proxy with TLS, where requests can be seen and spoiled. A request is known
 * by its method, and by the type of the objects that are asked about: `RetrievePropertiesEx Datastore`.
 */
export interface Vcenter extends AsyncDisposable {
  readonly api: FakeApi;
  readonly options: VcenterOptions;
  readonly admin: Admin;
  readonly certificates: Certificates;
  /** What a request for a collect needs to trust its certificate. */
  readonly trust: { readonly caCertificates: string };
}

/** Starts both. */
export async function startVcenter(estate: VcsimOptions = {}): Promise<Vcenter> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-vsphere-" });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const certificates = await makeCertificates(join(folder, "tls"));
  const vcsim = stack.use(await startVcsim({ ...estate, plain: true }));
  const tls = {
    cert: await Deno.readTextFile(certificates.server),
    key: await Deno.readTextFile(certificates.serverKey),
  };
  const forward = async (request: Request) => {
    const { pathname } = new URL(request.url);
    const headers = new Headers(request.headers);
    for (const name of ["host", "content-length", "connection"]) headers.delete(name);
    const body = await request.text();
    const answer = await fetch(`${vcsim.url}${pathname}`, { method: "POST", headers, body });
    return new Response(await answer.text(), { status: answer.status, headers: kept(answer) });
  };
  const api = stack.use(startFakeApi(forward, { tls, label: labelOf }));
  const admin = await Admin.login(vcsim);
  const trust = { caCertificates: await Deno.readTextFile(certificates.authority) };
  const life = stack.move();
  return {
    api,
    admin,
    certificates,
    options: { ...optionsFor(api.port), insecure: false },
    trust,
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/** Options for a server of the tests whose certificate is not checked. */
export function optionsFor(port: number): VcenterOptions {
  return { host: "127.0.0.1", port, user: USER, password: PASSWORD, insecure: true };
}

/** The answer of a fault, as vSphere gives it. */
export function faultAnswer(type: string, detail = "", message = `${type} was said`) {
  const body = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope ` +
    `xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ` +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault>` +
    `<faultcode>ServerFaultCode</faultcode><faultstring>${message}</faultstring><detail>` +
    `<${type}Fault xmlns="urn:vim25" xsi:type="${type}">${detail}</${type}Fault></detail>` +
    `</soapenv:Fault></soapenv:Body></soapenv:Envelope>`;
  return { type: "answer", status: 500, body, headers: { "content-type": "text/xml" } } as const;
}

async function labelOf(request: Request): Promise<string> {
  const text = await request.clone().text();
  const method = /<soapenv:Body><(\w+) /.exec(text)?.[1] ?? "";
  const type = /<propSet><type>(\w+)</.exec(text)?.[1];
  const target = /<_this type="\w+">([^<]+)</.exec(text)?.[1];
  const about = /<objectSet><obj type="\w+">([^<]+)<\/obj><skip>false/.exec(text)?.[1];
  if (type === undefined) return `${method} ${target ?? ""}`;
  return [method, type, ...(about === undefined ? [] : [about])].join(" ");
}

function kept({ headers }: Response): Headers {
  const result = new Headers();
  for (const cookie of headers.getSetCookie()) result.append("set-cookie", cookie);
  result.set("content-type", headers.get("content-type") ?? "text/xml");
  return result;
}
