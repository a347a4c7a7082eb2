import { exportPKCS8, generateKeyPair } from "jose";
import { type FakeApi, startFakeApi } from "../saas/fake_api.ts";
import { describeCall, problemsOfCall } from "./described.ts";
import { answerCall, type Behaviour, refuse } from "./google_answers.ts";
import { GoogleState } from "./google_state.ts";
import { answerToken, type TokenIssuer } from "./token_endpoints.ts";

/** A simulated Google Cloud on loopback, made of the published descriptions. */
export interface FakeGoogle extends FakeApi {
  readonly state: GoogleState;
  behaviour: Behaviour;
  /** Addresses for `--gcp-endpoint-url`: Firestore has paths of Filestore, and so one of its own. */
  readonly endpoints: readonly string[];
  /** What requests had that no API takes. */
  readonly problems: readonly string[];
  /** Who called, in the order of the calls. */
  readonly callers: readonly string[];
  /** The key file of a service account. */
  key(account: string): string;
  /** Tokens that were given out are good no more. */
  expireTokens(): void;
}

const DEFAULT: Behaviour = { page: 2, unreachable: [], failing: [] };

/** Generating keys takes long, so all simulated clouds share them. */
const PAIR = await generateKeyPair("RS256", { extractable: true });

/** Starts it; service accounts have keys, whatever they are called. */
export async function startGoogle(
  accounts: readonly string[] = ["worker@p.test"],
): Promise<FakeGoogle> {
  const { privateKey, publicKey } = PAIR;
  const pem = await exportPKCS8(privateKey);
  const state = new GoogleState();
  const problems: string[] = [];
  const callers: string[] = [];
  const tokens = new Map<string, string>();
  let count = 0;
  const issuer: TokenIssuer = {
    keys: new Map(accounts.map((each) => [each, publicKey])),
    url: () => api.url,
    issue(who) {
      const token = `token-${++count}`;
      tokens.set(token, who);
      return token;
    },
    isGood: (token) => tokens.has(token),
  };
  const api: FakeApi = startFakeApi(async (request) => {
    const given = await answerToken(request, issuer);
    if (given !== undefined) return given;
    const who = tokens.get((request.headers.get("authorization") ?? "").replace("Bearer ", ""));
    if (who === undefined) return respond(refuse(401, "authError", "Invalid Credentials"));
    callers.push(who);
    const call = await describeCall(request);
    if (call === undefined) {
      problems.push(`${request.method} ${new URL(request.url).pathname} is in no description`);
      return respond(refuse(404, "notFound", "Not Found"));
    }
    const wrong = problemsOfCall(call);
    if (wrong.length > 0) {
      problems.push(`${call.service}:${call.operation}: ${wrong.join(", ")}`);
      return respond(refuse(400, "invalid", wrong.join(", ")));
    }
    const answer = answerCall(call, state, fake.behaviour);
    if ("error" in answer && answer.status === 500) problems.push(JSON.stringify(answer.error));
    return respond(answer);
  });
  const fake: FakeGoogle = Object.assign(api, {
    state,
    problems,
    callers,
    behaviour: DEFAULT,
    endpoints: [api.url, `firestore=${api.url}/firestore`],
    key: (account: string) =>
      JSON.stringify({
        type: "service_account",
        client_email: account,
        private_key: pem,
        private_key_id: "key-1",
        project_id: account.replace(/^.*@|\..*$/g, ""),
        token_uri: `${api.url}/token`,
      }),
    expireTokens: () => tokens.clear(),
  });
  return fake;
}

function respond(answer: ReturnType<typeof answerCall>): Response {
  return "body" in answer
    ? Response.json(answer.body)
    : Response.json(answer.error, { status: answer.status });
}
