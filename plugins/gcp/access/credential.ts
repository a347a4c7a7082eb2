import { z } from "zod";

/** Where tokens are given out, if a file does not say. */
export const TOKEN_URL = "https://oauth2.googleapis.com/token";

/** Addresses of a file: whoever has a token may be asked over TLS only, and locally without. */
const address = z.url().refine((text) => {
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}, "must be an https address");
const text = z.string().min(1);

const serviceAccount = z.object({
  type: z.literal("service_account"),
  client_email: text,
  private_key: text,
  private_key_id: text.optional(),
  project_id: text.optional(),
  quota_project_id: text.optional(),
  token_uri: address.default(TOKEN_URL),
});
const authorizedUser = z.object({
  type: z.literal("authorized_user"),
  client_id: text,
  client_secret: text,
  refresh_token: text,
  quota_project_id: text.optional(),
  token_uri: address.default(TOKEN_URL),
});
const format = z.object({
  type: z.enum(["text", "json"]).default("text"),
  subject_token_field_name: text.exactOptional(),
}).default({ type: "text" });
const subject = z.object({
  file: text.optional(),
  // The metadata server of another cloud has no certificate.
  url: z.url({ protocol: /^https?$/ }).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  format,
  executable: z.object({ command: text }).optional(),
  environment_id: text.optional(),
  certificate: z.unknown().optional(),
});
const externalAccount = z.object({
  type: z.literal("external_account"),
  audience: text,
  subject_token_type: text,
  token_url: address.default("https://sts.googleapis.com/v1/token"),
  service_account_impersonation_url: address.exactOptional(),
  credential_source: subject,
  workforce_pool_user_project: text.exactOptional(),
  quota_project_id: text.exactOptional(),
  client_id: text.exactOptional(),
  client_secret: text.exactOptional(),
});
const source = z.discriminatedUnion("type", [serviceAccount, authorizedUser, externalAccount]);
const impersonated = z.object({
  type: z.literal("impersonated_service_account"),
  service_account_impersonation_url: address,
  delegates: z.array(text).default([]),
  source_credentials: source,
  quota_project_id: text.optional(),
});
const schema = z.union([source, impersonated]);

export type ServiceAccount = z.infer<typeof serviceAccount>;
export type AuthorizedUser = z.infer<typeof authorizedUser>;
export type ExternalAccount = z.infer<typeof externalAccount>;
export type ImpersonatedAccount = z.infer<typeof impersonated>;

/** What a token is asked for with: a file's content, or the machine itself. */
export type Credential =
  | ServiceAccount
  | AuthorizedUser
  | ExternalAccount
  | ImpersonatedAccount
  | { readonly type: "metadata"; readonly address: string };

/** What a text holds, or why it cannot be used, without any of its values. */
export type ReadCredential =
  | { readonly credential: Credential; readonly problem?: never }
  | { readonly credential?: never; readonly problem: string };

/** Reads the text of a credential file. */
export function readCredential(content: string): ReadCredential {
  const value = parseJson(content);
  if (value === undefined) return { problem: "it is no JSON" };
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { problem: explain(value) };
  const problem = unsupported(parsed.data);
  return problem === undefined ? { credential: parsed.data } : { problem };
}

/** One word on who a credential stands for. */
export function identityOf(credential: Credential): string {
  switch (credential.type) {
    case "service_account":
      return credential.client_email;
    case "authorized_user":
      return `user of client ${credential.client_id}`;
    case "external_account":
      return credential.audience;
    case "impersonated_service_account":
      return accountOf(credential.service_account_impersonation_url) ?? "impersonated account";
    case "metadata":
      return "service account of this machine";
  }
}

/** Addresses from which tokens come. */
export function addressesOf(credential: Credential): readonly string[] {
  switch (credential.type) {
    case "service_account":
    case "authorized_user":
      return [credential.token_uri];
    case "external_account": {
      const { token_url, service_account_impersonation_url: account } = credential;
      const { url } = credential.credential_source;
      return [token_url, account, url].filter((each) => each !== undefined);
    }
    case "impersonated_service_account":
      return [
        credential.service_account_impersonation_url,
        ...addressesOf(credential.source_credentials),
      ];
    case "metadata":
      return [credential.address];
  }
}

/** Address at which tokens of a service account are created. */
export function impersonationUrl(account: string): string {
  const path = `projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`;
  return `https://iamcredentials.googleapis.com/v1/${path}`;
}

/** Files from which more is read when a token is asked for. */
export function tokenFilesOf(credential: Credential): readonly string[] {
  if (credential.type === "impersonated_service_account") {
    return tokenFilesOf(credential.source_credentials);
  }
  const file = credential.type === "external_account"
    ? credential.credential_source.file
    : undefined;
  return file === undefined ? [] : [file];
}

/** The account that tokens are created for at an address; undefined if it does not say. */
export function accountOf(url: string): string | undefined {
  return /serviceAccounts\/([^/:]+):generateAccessToken$/.exec(url)?.[1];
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** Names what is missing or wrong, never what stands there. */
function explain(value: unknown): string {
  const type = z.object({ type: z.string() }).safeParse(value).data?.type;
  if (type === undefined) return "it has no type: it is no credential file";
  const schemas: Readonly<Record<string, z.ZodType>> = {
    service_account: serviceAccount,
    authorized_user: authorizedUser,
    external_account: externalAccount,
    impersonated_service_account: impersonated,
  };
  const known = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (known === undefined) return `credentials of type ${type.slice(0, 40)} are not supported`;
  const [issue] = known.safeParse(value).error?.issues ?? [];
  return `${issue?.path.join(".") ?? "it"} is missing or not of its form`;
}

function unsupported(credential: Credential): string | undefined {
  if (credential.type === "impersonated_service_account") {
    return unsupported(credential.source_credentials);
  }
  if (credential.type !== "external_account") return undefined;
  const { file, url, executable, environment_id, certificate } = credential.credential_source;
  if (environment_id !== undefined) {
    return `subject tokens of ${environment_id} are not supported: give a file, an address or a program`;
  }
  if (certificate !== undefined) return "subject tokens by client certificates are not supported";
  const isTold = [file, url, executable].some((each) => each !== undefined);
  return isTold ? undefined : "credential_source has no file, url or executable";
}
