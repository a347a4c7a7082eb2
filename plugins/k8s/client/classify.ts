import type { CloudFault } from "ckworker";
import { z } from "zod";

/** What a failed call means and whether to make it again. */
export interface Verdict {
  readonly fault: CloudFault;
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly retry?: "throttle" | "transient" | "credentials";
  /** What the server asked to wait. */
  readonly retryAfterMs?: number;
}

const statusSchema = z.object({
  kind: z.literal("Status"),
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z.object({ retryAfterSeconds: z.number().optional() }).nullish(),
});

/** Says what an answer with an error status means. */
export function classifyAnswer(status: number, headers: Headers, body: string): Verdict {
  const told = readStatus(body);
  const facts = {
    status,
    reason: told?.reason || `HTTP${status}`,
    message: oneLine(told?.message || `the server answered ${status}`),
  };
  const seconds = Number(headers.get("retry-after") ?? told?.details?.retryAfterSeconds ?? NaN);
  const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {};
  if (status === 429) return { ...facts, ...wait, fault: "throttled", retry: "throttle" };
  if (status === 401) return { ...facts, fault: "expired_credentials", retry: "credentials" };
  // A proxy's refusal says nothing about rights in the cluster.
  if (status === 403) return { ...facts, fault: told === undefined ? "request" : "access_denied" };
  if ((status === 404 || status === 405) && told !== undefined) {
    return { ...facts, fault: "unsupported" };
  }
  if (status >= 500 || status === 408) {
    return { ...facts, ...wait, fault: "request", retry: "transient" };
  }
  return { ...facts, fault: "request" };
}

/** Says what it means that there was no answer, or half of one. */
export function classifyThrown(error: unknown): Verdict {
  const text = oneLine(chainText(error));
  const facts = { status: 0, message: text, fault: "request" } as const;
  if (/invalid peer certificate|certificate|UnknownIssuer|NotValidForName/i.test(text)) {
    return { ...facts, reason: "CertificateError" };
  }
  if (/tls handshake|received fatal alert/i.test(text)) return { ...facts, reason: "TlsError" };
  return { ...facts, reason: "NetworkError", retry: "transient" };
}

function readStatus(body: string): z.infer<typeof statusSchema> | undefined {
  try {
    const parsed = statusSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function chainText(error: unknown): string {
  const parts: string[] = [];
  for (let each = error, hops = 0; each instanceof Error && hops < 5; hops++) {
    parts.push(each.message);
    each = each.cause;
  }
  return parts.length === 0 ? String(error) : parts.join(": ");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 500);
}
