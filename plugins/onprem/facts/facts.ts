import { quoteHost } from "../client/fault.ts";
import type { Part } from "./command.ts";
import { readMemory, toGib } from "./memory.ts";
import { readAddress, readRoute, type Route } from "./network.ts";
import { readAssignments } from "./os_release.ts";
import { readProcessors } from "./processors.ts";
import type { Section, Sections } from "./sections.ts";

/** What could not be read of a host. */
export interface PartFault {
  readonly part: Part;
  readonly message: string;
}

/** Properties of a host. */
export interface Facts {
  readonly reported: Readonly<Record<string, unknown>>;
  /** Properties that could not be told. */
  readonly keep: readonly string[];
  readonly faults: readonly PartFault[];
  /** What is no fault and worth a line. */
  readonly notes: readonly string[];
}

/** Reads the parts of an answer. What one of them cannot tell costs its properties alone. */
export function toFacts(sections: Sections): Facts {
  const facts = new FactReader(sections);
  facts.read("meminfo", ["instance_memory", "machine_memory"], memory);
  facts.read(
    "cpuinfo",
    ["instance_cores", "instance_type"],
    (text) => processors(text, sections.uname?.text),
  );
  facts.network();
  facts.read("uname", ["machine_kernel", "machine_architecture"], system);
  facts.read("hostname", ["machine_hostname"], (text) => one("machine_hostname", text));
  facts.read("release", ["machine_os", "machine_os_id", "machine_os_version"], release);
  facts.read("uptime", ["machine_uptime"], uptime);
  facts.read("vendor", ["machine_vendor"], (text) => one("machine_vendor", text));
  facts.read("model", ["machine_model"], (text) => one("machine_model", text));
  facts.read("virtual", ["machine_virtualization"], (text) => one("machine_virtualization", text));
  return facts.take();
}

type Values = Readonly<Record<string, unknown>>;

class FactReader {
  readonly #sections: Sections;
  readonly #reported: Record<string, unknown> = {};
  readonly #keep = new Set<string>();
  readonly #faults: PartFault[] = [];
  readonly #notes: string[] = [];

  constructor(sections: Sections) {
    this.#sections = sections;
  }

  /** @param reader undefined when the text is not what it should be */
  read(
    part: Part,
    properties: readonly string[],
    reader: (text: string) => Values | undefined,
  ): void {
    const section = this.#sections[part];
    const fault = faultOf(section);
    const values = fault === undefined ? reader(section?.text ?? "") : undefined;
    if (values !== undefined) Object.assign(this.#reported, values);
    else this.#lose(part, properties, fault ?? "is not what it should be");
  }

  /** A family of addresses without a route is none that the host has; the last route counts. */
  network(): void {
    const routes = new Map<Part, Route>();
    for (const part of ["route4", "route6"] as const) {
      const section = this.#sections[part];
      const route = readRoute(section?.text ?? "");
      if (route !== undefined) routes.set(part, route);
      else if (section === undefined || section.code === NO_SUCH_COMMAND) {
        return this.#lose(part, NETWORK, faultOf(section) ?? "tells nothing");
      } else this.#notes.push(`${part}: ${quoteHost(section.errors || "no route")}`);
    }
    const [device] = [...routes.values()].map((route) => route.device).slice(-1);
    if (device === undefined) return;
    this.#reported["network_device"] = toText(device);
    this.read("address", ["network_ip4", "network_ip6"], (text) => ({
      ...one("network_ip4", readAddress(text, "inet", routes.get("route4")?.source)),
      ...one("network_ip6", readAddress(text, "inet6", routes.get("route6")?.source)),
    }));
  }

  take(): Facts {
    return {
      reported: this.#reported,
      keep: [...this.#keep],
      faults: this.#faults,
      notes: this.#notes,
    };
  }

  #lose(part: Part, properties: readonly string[], why: string): void {
    for (const property of properties) this.#keep.add(property);
    this.#faults.push({ part, message: `${part} ${why}` });
  }
}

const NETWORK = ["network_device", "network_ip4", "network_ip6"] as const;

/** What a shell says of a command that is not there. */
const NO_SUCH_COMMAND = 127;

function faultOf(section: Section | undefined): string | undefined {
  if (section === undefined) return "was not answered";
  if (section.errors !== "") return `failed: ${quoteHost(section.errors)}`;
  return section.code === 0 ? undefined : `ended with code ${section.code}`;
}

function memory(text: string): Values | undefined {
  const kib = readMemory(text);
  return kib === undefined
    ? undefined
    : { instance_memory: toGib(kib), machine_memory: kib * 1_024 };
}

/** Where the processors have no name, the architecture is what is known of them. */
function processors(text: string, uname: string | undefined): Values | undefined {
  const found = readProcessors(text);
  if (found === undefined) return undefined;
  const type = one("instance_type", found.model ?? uname?.trim().split(/\s+/).at(-1));
  return "instance_type" in type ? { instance_cores: found.count, ...type } : undefined;
}

function system(text: string): Values | undefined {
  const words = text.trim().split(/\s+/);
  if (words.length < 3) return undefined;
  return {
    ...one("machine_kernel", words.slice(0, -1).join(" ")),
    ...one("machine_architecture", words.at(-1)),
  };
}

function release(text: string): Values {
  const { PRETTY_NAME, NAME, ID, VERSION_ID } = readAssignments(text);
  return {
    ...one("machine_os", PRETTY_NAME ?? NAME),
    ...one("machine_os_id", ID),
    ...one("machine_os_version", VERSION_ID),
  };
}

function uptime(text: string): Values {
  const [, seconds] = /^(\d{1,12})(\.\d+)?\s/.exec(`${text.trim()} `) ?? [];
  return seconds === undefined ? {} : { machine_uptime: Number(seconds) };
}

/** A property with a text of the host; without one there is no property. */
function one(property: string, text: string | undefined): Values {
  const value = toText(text ?? "");
  return value === "" ? {} : { [property]: value };
}

function toText(text: string): string {
  return quoteHost(text, 256);
}
