import { CloudError, readJson } from "ckworker";
import { z } from "zod";
import { METADATA_TOKEN, NO_TOKEN } from "./token_calls.ts";
import type { TokenParts } from "./token_parts.ts";

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

const schema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().default(3_600),
});

/**
 * A token of the service account of the machine.
 * @param address of the metadata server
 * @throws CloudError where there is no such server
 */
export async function askMachine(
  address: string,
  { caller, reaches }: TokenParts,
): Promise<{ readonly access_token: string; readonly expiry_date: number }> {
  // Elsewhere than at Google there is no such host, and no use in trying again.
  if (!await reaches(address)) {
    throw new CloudError("no_credentials", "there are no credentials, and no Google machine", {
      context: { plugin: "gcp", subject: address },
      hint: "Give --gcp-service-account, or log in: gcloud auth application-default login",
    });
  }
  const url = `${address}/computeMetadata/v1/instance/service-accounts/default/token`;
  const scoped = `${url}?scopes=${encodeURIComponent(SCOPE)}`;
  const answer = await caller.send(METADATA_TOKEN, scoped, () => ({
    redirect: "manual",
    headers: { "metadata-flavor": "Google" },
  }));
  const parsed = schema.safeParse(readJson(answer));
  if (!parsed.success) throw caller.fault(METADATA_TOKEN, NO_TOKEN);
  const { access_token, expires_in } = parsed.data;
  return { access_token, expiry_date: Date.now() + expires_in * 1_000 };
}
