import { CloudError, readJson, type RestCaller, type Verdict } from "ckworker";
import { z } from "zod";
import { at } from "../engine/path.ts";
import { signAssertion } from "./assertion.ts";
import type {
  AuthorizedUser,
  Credential,
  ExternalAccount,
  ImpersonatedAccount,
  ServiceAccount,
} from "./credential.ts";
import { EXCHANGE, IMPERSONATE, METADATA_TOKEN, SUBJECT, TOKEN } from "./token_calls.ts";

/** The right to everything that the account's roles give. */
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const LIFETIME = "3600s";

/** A token and until when it is good. */
export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** What tokens are asked for with. */
export interface TokenParts {
  readonly caller: RestCaller;
  /** Whether anything answers at an address, and at once. */
  reaches(url: string): Promise<boolean>;
  readonly now: () => number;
  readFile(path: string): Promise<string>;
  /** Runs an allowed program on the host and gives its output. */
  helper(path: string, args: readonly string[]): Promise<string>;
}

const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().optional(),
});
const accountTokenSchema = z.object({ accessToken: z.string().min(1), expireTime: z.string() });
const executableSchema = z.object({
  success: z.boolean(),
  id_token: z.string().optional(),
  saml_response: z.string().optional(),
});

/**
 * Asks for a new token.
 * @throws CallFault when it was refused; CloudError when there is nothing to ask with
 */
export async function askToken(credential: Credential, parts: TokenParts): Promise<Token> {
  switch (credential.type) {
    case "service_account":
      return await ofServiceAccount(credential, parts);
    case "authorized_user":
      return await ofUser(credential, parts);
    case "external_account":
      return await ofExternal(credential, parts);
    case "impersonated_service_account":
      return await ofImpersonated(credential, parts);
    case "metadata":
      return await ofMachine(credential.address, parts);
  }
}

/**
 * A token of a service account for whoever may create some.
 * @param token of who asks
 */
export async function impersonate(
  url: string,
  delegates: readonly string[],
  token: Token,
  parts: TokenParts,
): Promise<Token> {
  const body = JSON.stringify({ scope: [SCOPE], lifetime: LIFETIME, delegates });
  const answer = await parts.caller.send(IMPERSONATE, url, () => ({
    method: "POST",
    redirect: "manual",
    headers: { authorization: `Bearer ${token.value}`, "content-type": "application/json" },
    body,
  }));
  const parsed = accountTokenSchema.safeParse(readJson(answer));
  if (!parsed.success) throw parts.caller.fault(IMPERSONATE, NO_TOKEN);
  const expires = Date.parse(parsed.data.expireTime);
  return { value: parsed.data.accessToken, expires: Number.isNaN(expires) ? 0 : expires };
}

async function ofServiceAccount(account: ServiceAccount, parts: TokenParts): Promise<Token> {
  const assertion = await signAssertion(account, SCOPE, parts.now());
  return await post(TOKEN, account.token_uri, {
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion,
  }, parts);
}

async function ofUser(user: AuthorizedUser, parts: TokenParts): Promise<Token> {
  const { client_id, client_secret, refresh_token } = user;
  const grant = { grant_type: "refresh_token", client_id, client_secret, refresh_token };
  return await post(TOKEN, user.token_uri, grant, parts);
}

async function ofExternal(account: ExternalAccount, parts: TokenParts): Promise<Token> {
  const { client_id, client_secret, workforce_pool_user_project: userProject } = account;
  const authorization = client_id === undefined
    ? {}
    : { authorization: `Basic ${btoa(`${client_id}:${client_secret ?? ""}`)}` };
  const token = await post(
    EXCHANGE,
    account.token_url,
    {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      audience: account.audience,
      scope: SCOPE,
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
      subject_token_type: account.subject_token_type,
      subject_token: await subjectToken(account, parts),
      ...(userProject === undefined ? {} : { options: JSON.stringify({ userProject }) }),
    },
    parts,
    authorization,
  );
  const url = account.service_account_impersonation_url;
  return url === undefined ? token : await impersonate(url, [], token, parts);
}

async function ofImpersonated(account: ImpersonatedAccount, parts: TokenParts): Promise<Token> {
  const token = await askToken(account.source_credentials, parts);
  const { service_account_impersonation_url: url, delegates } = account;
  return await impersonate(url, delegates, token, parts);
}

async function ofMachine(address: string, parts: TokenParts): Promise<Token> {
  // Elsewhere than at Google there is no such host, and no use in trying again.
  if (!await parts.reaches(address)) {
    throw new CloudError("no_credentials", "there are no credentials, and no Google machine", {
      context: { plugin: "gcp", subject: address },
      hint: "Give --gcp-service-account, or log in: gcloud auth application-default login",
    });
  }
  const url = `${address}/computeMetadata/v1/instance/service-accounts/default/token`;
  const scoped = `${url}?scopes=${encodeURIComponent(SCOPE)}`;
  const answer = await parts.caller.send(METADATA_TOKEN, scoped, () => ({
    redirect: "manual",
    headers: { "metadata-flavor": "Google" },
  }));
  return readToken(METADATA_TOKEN, readJson(answer), parts);
}

/** What proves to Google who this is: something that another identity provider gave. */
async function subjectToken(account: ExternalAccount, parts: TokenParts): Promise<string> {
  const { file, url, headers, format, executable } = account.credential_source;
  if (executable !== undefined) return await ofExecutable(executable.command, parts);
  const content = file !== undefined
    ? await readSubject(file, parts)
    : (await parts.caller.send(SUBJECT, url ?? "", () => ({ redirect: "manual", headers }))).text;
  const token = format.type === "text"
    ? content.trim()
    : at(parsed(content), format.subject_token_field_name ?? "");
  if (typeof token !== "string" || token === "") {
    throw noSubject(`${file ?? "its address"} holds no subject token`);
  }
  return token;
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

async function post(
  call: string,
  url: string,
  grant: Readonly<Record<string, string>>,
  parts: TokenParts,
  headers: Readonly<Record<string, string>> = {},
): Promise<Token> {
  const answer = await parts.caller.send(call, url, () => ({
    method: "POST",
    redirect: "manual",
    headers,
    body: new URLSearchParams(grant),
  }));
  return readToken(call, readJson(answer), parts);
}

function readToken(call: string, value: unknown, parts: TokenParts): Token {
  const found = tokenSchema.safeParse(value);
  if (!found.success) throw parts.caller.fault(call, NO_TOKEN);
  const { access_token, expires_in = 3_600 } = found.data;
  return { value: access_token, expires: parts.now() + expires_in * 1_000 };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function noSubject(why: string): CloudError {
  return new CloudError("no_credentials", `there is nothing to ask for a token with: ${why}`, {
    context: { plugin: "gcp" },
  });
}

const NO_TOKEN: Verdict = {
  fault: "request",
  code: "NoToken",
  message: "the answer holds no access token",
};
