import { jwtVerify } from "jose";

/** What gives tokens in a simulated Google. */
export interface TokenIssuer {
  /** Keys by service account. */
  readonly keys: ReadonlyMap<string, CryptoKey>;
  readonly url: () => string;
  /** Makes a token that is good from now on. */
  issue(who: string): string;
  isGood(token: string): boolean;
}

const LIFETIME_S = 3_600;

/** Answers a request for a token; undefined for any other. */
export async function answerToken(
  request: Request,
  issuer: TokenIssuer,
): Promise<Response | undefined> {
  const { pathname, search } = new URL(request.url);
  if (pathname === "/token") return await grant(new URLSearchParams(await request.text()), issuer);
  if (pathname === "/sts") return exchange(new URLSearchParams(await request.text()), issuer);
  if (pathname === "/subject") {
    if (search === "?form=text") return new Response("subject-of-text\n");
    return Response.json({ value: "subject-of-address" });
  }
  if (pathname.endsWith(":generateAccessToken")) return impersonate(request, pathname, issuer);
  if (!pathname.startsWith("/computeMetadata/")) return undefined;
  if (request.headers.get("metadata-flavor") !== "Google") return refused("no flavor", 403);
  return token(issuer.issue("machine"));
}

async function grant(form: URLSearchParams, issuer: TokenIssuer): Promise<Response> {
  if (form.get("grant_type") === "refresh_token") {
    const isGood = form.get("refresh_token") === "refresh" &&
      form.get("client_secret") === "s3cr3t";
    return isGood ? token(issuer.issue("user")) : refused("Bad refresh token");
  }
  const assertion = form.get("assertion") ?? "";
  const [, payload = ""] = assertion.split(".");
  const who = String(JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))).iss);
  const key = issuer.keys.get(who);
  if (key === undefined) return refused("Invalid issuer");
  try {
    const { payload: claims } = await jwtVerify(assertion, key, {
      audience: `${issuer.url()}/token`,
      issuer: who,
      algorithms: ["RS256"],
      requiredClaims: ["exp", "iat", "scope"],
    });
    const isScoped = claims["scope"] === "https://www.googleapis.com/auth/cloud-platform";
    return isScoped ? token(issuer.issue(who)) : refused("Invalid scope");
  } catch {
    return refused("Invalid JWT Signature.");
  }
}

function exchange(form: URLSearchParams, issuer: TokenIssuer): Response {
  const subject = form.get("subject_token") ?? "";
  const isGood = subject.startsWith("subject-of-") &&
    form.get("grant_type") === "urn:ietf:params:oauth:grant-type:token-exchange" &&
    form.get("audience") !== null && form.get("subject_token_type") !== null;
  return isGood ? token(issuer.issue(subject)) : refused("Bad subject token");
}

function impersonate(request: Request, pathname: string, issuer: TokenIssuer): Response {
  const shown = (request.headers.get("authorization") ?? "").replace("Bearer ", "");
  if (!issuer.isGood(shown)) return refused("no token", 401);
  const [, account = ""] = /serviceAccounts\/([^:]+):/.exec(pathname) ?? [];
  return Response.json({
    accessToken: issuer.issue(decodeURIComponent(account)),
    expireTime: new Date(Date.now() + LIFETIME_S * 1_000_000).toISOString(),
  });
}

function token(value: string): Response {
  return Response.json({ access_token: value, token_type: "Bearer", expires_in: LIFETIME_S });
}

function refused(description: string, status = 400): Response {
  return Response.json({ error: "invalid_grant", error_description: description }, { status });
}
