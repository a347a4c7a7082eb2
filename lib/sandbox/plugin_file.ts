import { ConfigError, SandboxError } from "../errors/mod.ts";

/** A third-party plugin's text and what identifies it. */
export interface PluginFile {
  readonly path: string;
  readonly text: string;
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string;
}

/** @throws ConfigError when the file cannot be read or is no UTF-8 text */
export async function readPluginFile(path: string): Promise<PluginFile> {
  try {
    const bytes = await Deno.readFile(path);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return { path: await Deno.realPath(path), text, sha256: digest.toHex() };
  } catch (cause) {
    throw new ConfigError(`Cannot read the plugin "${path}"`, {
      context: { subject: path },
      hint: "Give the path of one JavaScript file.",
      cause,
    });
  }
}

/**
 * Text of a plugin whose digest is the given one. What was checked is what runs: the guest gets this
 * text and never opens the file.
 * @throws SandboxError when the file changed since it was checked
 */
export async function readPinned(
  source: { readonly path: string; readonly sha256: string },
): Promise<string> {
  const file = await readPluginFile(source.path);
  if (file.sha256 === source.sha256) return file.text;
  throw new SandboxError("pin", `The plugin "${source.path}" changed since it was checked`, {
    context: { subject: source.path },
    hint: `Look at it and accept it again: ckworker plugins add ${source.path}`,
  });
}
