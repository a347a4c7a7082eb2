import { CloudError, valueAt } from "ckworker";
import { z } from "zod";
import type { ExternalAccount } from "./credential.ts";
import type { TokenParts } from "./token_parts.ts";

const executableSchema = z.object({
  success: z.boolean(),
  id_token: z.string().optional(),
  saml_response: z.string().optional(),
});

/**
 * What proves to Google who this is, where it comes from a file or a program; undefined where an
 * address gives it. Google's library would follow links of a file to where a guest may not read, and
 * run the program itself, which no guest may.
 */
export function supplySubject(
  { credential_source: { executable, file, format } }: ExternalAccount,
  parts: TokenParts,
): (() => Promise<string>) | undefined {
  if (executable !== undefined) return () => ofExecutable(executable.command, parts);
  return file === undefined ? undefined : () => ofFile(file, format, parts);
}

/** The error of an identity provider that gives nothing. */
export function noSubject(why: string): CloudError {
  return new CloudError("no_credentials", `there is nothing to ask for a token with: ${why}`, {
    context: { plugin: "gcp" },
  });
}

async function ofFile(
  file: string,
  format: ExternalAccount["credential_source"]["format"],
  parts: TokenParts,
): Promise<string> {
  const content = await readSubject(file, parts);
  const token = format.type === "text"
    ? content.trim()
    : valueAt(parsed(content), format.subject_token_field_name ?? "");
  if (typeof token === "string" && token !== "") return token;
  throw noSubject(`${file} holds no subject token`);
}

async function readSubject(file: string, parts: TokenParts): Promise<string> {
  try {
    return await parts.readFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw noSubject(`${file} does not exist`);
    throw error;
  }
}

async function ofExecutable(command: string, parts: TokenParts): Promise<string> {
  const [path = "", ...args] = command.split(/\s+/);
  const output = executableSchema.safeParse(parsed(await parts.helper(path, args)));
  const token = output.data?.id_token ?? output.data?.saml_response;
  if (output.data?.success !== true || token === undefined) {
    throw noSubject(`${path} gave no subject token`);
  }
  return token;
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
