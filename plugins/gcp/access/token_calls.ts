import type { Call, Verdict } from "ckworker";

/** Calls that give a token; they make no nodes. */
export const TOKEN = "oauth2:token";
export const METADATA_TOKEN = "metadata:token";
export const EXCHANGE = "sts:token";
export const IMPERSONATE = "iamcredentials:generateAccessToken";
export const SUBJECT = "subject:token";

/** The same with what they need; the first three and the last are open to whoever has credentials. */
export const TOKEN_CALLS: readonly Call[] = [
  { call: TOKEN, permissions: [], purpose: "read", kinds: [] },
  { call: METADATA_TOKEN, permissions: [], purpose: "read", kinds: [] },
  { call: EXCHANGE, permissions: [], purpose: "read", kinds: [] },
  { call: SUBJECT, permissions: [], purpose: "read", kinds: [] },
  {
    call: IMPERSONATE,
    permissions: ["iam.serviceAccounts.getAccessToken"],
    purpose: "read",
    kinds: [],
  },
];

/** The verdict on an answer without a token. */
export const NO_TOKEN: Verdict = {
  fault: "request",
  code: "NoToken",
  message: "the answer holds no access token",
};
