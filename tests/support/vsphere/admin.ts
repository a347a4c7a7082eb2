import { PASSWORD, USER, type Vcsim } from "./vcsim.ts";

/** Somebody at the simulated vCenter, who makes what tests need. It must have been started plain. */
export class Admin {
  readonly #url: string;
  #cookie = "";

  constructor({ url }: Vcsim) {
    this.#url = `${url}/sdk`;
  }

  static async login(vcsim: Vcsim): Promise<Admin> {
    const admin = new Admin(vcsim);
    await admin.call(
      "Login",
      "SessionManager SessionManager",
      `<userName>${escaped(USER)}</userName><password>${escaped(PASSWORD)}</password>`,
    );
    return admin;
  }

  /**
   * Calls a method of an object, `VirtualMachine vm-1`, and returns the answer's text.
   * @throws Error for a fault
   */
  async call(method: string, object: string, parameters = ""): Promise<string> {
    const [type, id] = object.split(" ");
    const body = `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" ` +
      `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Body><${method} xmlns="urn:vim25">` +
      `<_this type="${type}">${id}</_this>${parameters}</${method}></Body></Envelope>`;
    const headers = { "content-type": "text/xml", cookie: this.#cookie };
    const answer = await fetch(this.#url, { method: "POST", headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method}: ${text}`);
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
    if (cookie !== undefined) this.#cookie = cookie;
    return text;
  }

  /** Text of a property as it stands in the answer; undefined when the object is gone. */
  async property(object: string, path: string): Promise<string | undefined> {
    const [type, id] = object.split(" ");
    const text = await this.call(
      "RetrievePropertiesEx",
      "PropertyCollector propertyCollector",
      `<specSet><propSet><type>${type}</type><pathSet>${path}</pathSet></propSet>` +
        `<objectSet><obj type="${type}">${id}</obj></objectSet></specSet><options/>`,
    ).catch((error: Error) => {
      if (error.message.includes("ManagedObjectNotFound")) return undefined;
      throw error;
    });
    return text === undefined ? undefined : /<val\b[^>]*>(.*)<\/val>/s.exec(text)?.[1] ?? "";
  }

  /** Whether an object exists. */
  async exists(object: string): Promise<boolean> {
    return await this.property(object, "name") !== undefined;
  }

  /** Runs a task and waits for it. */
  async task(method: string, object: string, parameters = ""): Promise<void> {
    const task = /<returnval type="Task">([^<]+)</.exec(
      await this.call(method, object, parameters),
    )?.[1];
    for (;;) {
      const info = await this.property(`Task ${task}`, "info") ?? "";
      if (info.includes("<state>success<")) return;
      if (info.includes("<state>error<")) throw new Error(`${method}: ${info}`);
    }
  }

  /** Sets a custom attribute, which is made first if need be. */
  async setTag(object: string, key: string, value: string, type = ""): Promise<void> {
    const moType = type === "" ? "" : `<moType>${type}</moType>`;
    await this.call(
      "AddCustomFieldDef",
      "CustomFieldsManager CustomFieldsManager",
      `<name>${escaped(key)}</name>${moType}`,
    ).catch((error: Error) => {
      if (!error.message.includes("DuplicateName")) throw error;
    });
    const fields = await this.property("CustomFieldsManager CustomFieldsManager", "field") ?? "";
    const named = fields.split("</CustomFieldDef>")
      .find((field) => field.includes(`<name>${escaped(key).replaceAll('"', "&#34;")}</name>`));
    const number = /<key>(\d+)<\/key>/.exec(named ?? "")?.[1];
    const [kind, id] = object.split(" ");
    await this.call(
      "SetField",
      "CustomFieldsManager CustomFieldsManager",
      `<entity type="${kind}">${id}</entity><key>${number}</key><value>${escaped(value)}</value>`,
    );
  }

  /** Takes a snapshot of a switched on machine. */
  async snapshot(machine: string, name: string): Promise<void> {
    await this.task(
      "CreateSnapshot_Task",
      machine,
      `<name>${name}</name><description>before ${name}</description><memory>false</memory><quiesce>false</quiesce>`,
    );
  }
}

/** Text as content of an element. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
