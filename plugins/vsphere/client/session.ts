import { CallFault, CloudError, RestCaller, type RestParts } from "ckworker";
import type { Setup } from "../setup.ts";
import { judge } from "./judge.ts";
import { elements, envelope, type Markup, readBody } from "./soap.ts";
import { type Reference, textOf, toReference } from "./values.ts";
import { child, type XmlElement, XmlFault } from "./xml.ts";

/** How long the end of a session may take, milliseconds. */
const LOGOUT_MS = 5_000;
/** The first version that tells when a machine was made, in which newer servers are asked, too. */
const VERSION = [6, 7] as const;
/** What servers are asked in before it is known what they are, and the oldest that are supported. */
const OLD_VERSION = "6.5";

/** The objects of a server from which all others are found, and what it says about itself. */
export interface ServiceContent {
  readonly rootFolder: Reference;
  readonly propertyCollector: Reference;
  readonly viewManager: Reference;
  readonly sessionManager: Reference;
  /** Absent on a host that no vCenter manages. */
  readonly customFieldsManager: Reference | undefined;
  /** Members of `about`, such as `fullName`, `apiVersion`. */
  readonly about: Readonly<Record<string, string>>;
}

/** A call was of a session that is over, and what it names went with it. */
export class SessionLost extends Error {
  override readonly name = "SessionLost";
}

/** What a call is made of beside its method. */
export interface CallParts {
  readonly parameters?: Markup;
  /** The session in which it makes sense; a later one ends in {@link SessionLost}. */
  readonly session?: number;
}

/** What a session takes from its surroundings. */
export type SessionParts = Omit<RestParts, "plugin" | "judge" | "throttleMs" | "concurrency">;

/**
 * A login at a server, made anew when the server has forgotten it. To be closed, because a server
 * has room for some hundred sessions only.
 */
export class Session {
  readonly #setup: Setup;
  readonly #parts: SessionParts;
  readonly #caller: RestCaller;
  #content: ServiceContent | undefined;
  #login: Promise<string> | undefined;
  #number = 0;

  constructor(setup: Setup, parts: SessionParts) {
    this.#setup = setup;
    this.#parts = parts;
    this.#caller = makeCaller(parts, parts.context.signal);
  }

  /** Counts the logins. */
  get number(): number {
    return this.#number;
  }

  /** Whether the server is one host, which knows nothing of what only a vCenter has. */
  get isHost(): boolean {
    return this.content.about["apiType"] === "HostAgent";
  }

  /** Whether the server is of a version with everything that is asked for. */
  get isModern(): boolean {
    const [major = 0, minor = 0] = (this.content.about["apiVersion"] ?? "").split(".").map(Number);
    return major > VERSION[0] || (major === VERSION[0] && minor >= VERSION[1]);
  }

  /** @throws Error before {@link open} */
  get content(): ServiceContent {
    if (this.#content === undefined) throw new Error("the session is not open");
    return this.#content;
  }

  /**
   * Finds out what the server is and logs in.
   * @throws CloudError with what to do, when it cannot be reached, is no vSphere, or refuses
   */
  async open(): Promise<ServiceContent> {
    try {
      this.#content = await this.#retrieveContent();
      await this.#loggedIn();
      return this.content;
    } catch (error) {
      if (!(error instanceof CallFault)) throw error;
      throw new CloudError(
        error.verdict.fault,
        `vSphere at ${this.#setup.host}: ${error.message}`,
        {
          context: { plugin: "vsphere", account: this.#setup.host, call: error.call },
          hint: hintFor(error),
          cause: error,
        },
      );
    }
  }

  /**
   * Calls a method of an object and returns its response element.
   * @throws CallFault when it failed for good, SessionLost
   */
  async call(method: string, target: Reference, parts: CallParts = {}): Promise<XmlElement> {
    const call = `vsphere:${method}`;
    const body = envelope(method, target, parts.parameters ?? elements());
    let used: Promise<string> | undefined;
    const answer = await this.#caller.send(call, this.#setup.url, async (renew) => {
      // Another call may have logged in meanwhile.
      if (renew && this.#login === used) this.#login = undefined;
      used = this.#loggedIn();
      const cookie = await used;
      if (parts.session !== undefined && parts.session !== this.#number) throw new SessionLost();
      return this.#init(body, cookie);
    });
    return this.read(call, answer.text);
  }

  /** A call's answer as XML; what is none is a fault of the call. */
  read(call: string, text: string): XmlElement {
    try {
      const body = readBody(text);
      // Servers do not agree on the case of `setCustomValueResponse`.
      const expected = `${call.slice("vsphere:".length)}Response`.toLowerCase();
      if (body?.name.toLowerCase() === expected) return body;
      throw new XmlFault("the answer is of another call");
    } catch (error) {
      if (!(error instanceof XmlFault)) throw error;
      throw this.fault(call, "NoSoap", error.message);
    }
  }

  /** A failure of a call whose answer is of no use. */
  fault(call: string, code: string, message: string): CallFault {
    return this.#caller.fault(call, { fault: "request", code, message });
  }

  /** The error of a call as a verdict tells it, for faults inside of good answers. */
  faultOf(call: string, verdict: CallFault["verdict"]): CallFault {
    return this.#caller.fault(call, verdict);
  }

  /** A session is known to be over though no call failed: the next call logs in anew. */
  expire(number: number): void {
    if (number === this.#number) this.#login = undefined;
  }

  /** Tells what the calls cost since the last time. */
  tell(): void {
    this.#caller.tell(this.#setup.host);
  }

  /** Logs out, also when the run is stopped; a failure is no more than a line in the log. */
  async close(): Promise<void> {
    const login = this.#login;
    this.#login = undefined;
    if (login === undefined || this.#content === undefined) return;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error("no answer")), LOGOUT_MS);
    try {
      const cookie = await login;
      const caller = makeCaller(this.#parts, late.signal);
      const body = envelope("Logout", this.#content.sessionManager, elements());
      await caller.send("vsphere:Logout", this.#setup.url, () => this.#init(body, cookie));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#parts.context.log("debug", "vsphere.logout", `the session was not ended: ${why}`);
    } finally {
      clearTimeout(timer);
      this.tell();
    }
  }

  #init(body: string, cookie: string): RequestInit {
    const version = this.#content !== undefined && this.isModern ? VERSION.join(".") : OLD_VERSION;
    return {
      method: "POST",
      headers: {
        "content-type": "text/xml; charset=utf-8",
        soapaction: `"urn:vim25/${version}"`,
        "user-agent": "ckworker",
        ...(cookie === "" ? {} : { cookie }),
      },
      body,
    };
  }

  #loggedIn(): Promise<string> {
    return this.#login ??= this.#logIn().catch((error: unknown) => {
      this.#login = undefined;
      throw error;
    });
  }

  async #logIn(): Promise<string> {
    const call = "vsphere:Login";
    const { user, password, url } = this.#setup;
    const parameters = elements(["userName", user], ["password", password]);
    const body = envelope("Login", this.content.sessionManager, parameters);
    const answer = await this.#caller.send(call, url, () => this.#init(body, ""));
    this.read(call, answer.text);
    const cookies = answer.headers.getSetCookie().map((text) => text.split(";", 1)[0] ?? "");
    const cookie = cookies.find((text) => text.startsWith("vmware_soap_session="));
    if (cookie === undefined) throw this.fault(call, "NoSession", "the server gave no session");
    this.#number++;
    return cookie;
  }

  async #retrieveContent(): Promise<ServiceContent> {
    const call = "vsphere:RetrieveServiceContent";
    const service = { type: "ServiceInstance", id: "ServiceInstance" };
    const body = envelope("RetrieveServiceContent", service, elements());
    const answer = await this.#caller.send(call, this.#setup.url, () => this.#init(body, ""));
    const content = child(this.read(call, answer.text), "returnval");
    const need = (name: string): Reference => {
      const found = toReference(child(content, name));
      if (found === undefined) throw this.fault(call, "NoVsphere", `the server has no ${name}`);
      return found;
    };
    const about = child(content, "about");
    return {
      rootFolder: need("rootFolder"),
      propertyCollector: need("propertyCollector"),
      viewManager: need("viewManager"),
      sessionManager: need("sessionManager"),
      customFieldsManager: toReference(child(content, "customFieldsManager")),
      about: Object.fromEntries(
        about?.children.map(({ name }) => [name, textOf(about, name) ?? ""]) ?? [],
      ),
    };
  }
}

function makeCaller(parts: SessionParts, signal: AbortSignal): RestCaller {
  return new RestCaller({
    ...parts,
    plugin: "vsphere",
    judge,
    // vSphere has no limits of its own; a proxy before it may.
    throttleMs: 10 * 60_000,
    concurrency: 4,
    context: {
      signal,
      log: (...event) => parts.context.log(...event),
      stats: (calls) => parts.context.stats(calls),
    },
  });
}

function hintFor({ verdict }: CallFault): string {
  switch (verdict.code) {
    case "CertificateError":
      return "Trust the authority of the server with --ca-cert, pin its certificate with " +
        "--vsphere-thumbprint, or leave it unchecked with --vsphere-insecure";
    case "InvalidLogin":
      return "Check --vsphere-user, with its domain, and --vsphere-password";
    case "NoPermission":
      return "Give the user the role Read-only on the vCenter, propagated to children";
    default:
      return "Check --vsphere-host and --vsphere-port, and that the server is up";
  }
}
