import type { Answer, Verdict } from "ckworker";
import { judge } from "../client/judge.ts";

/**
 * Says what an answer to a question for a token means. It never means that something is not enabled in
 * a project that is collected, nor that another token would help.
 */
export function judgeToken(answer: Answer, now: number): Verdict | undefined {
  const verdict = judge(answer, now);
  if (verdict === undefined) return undefined;
  const { code, message } = verdict;
  switch (verdict.fault) {
    case "not_enabled":
      return { fault: "request", code, message };
    case "expired_credentials":
      return { fault: "expired_credentials", code, message };
    default:
      return verdict;
  }
}

/** The same of an identity provider, whose good answer may be of any form. */
export function judgeSubject(answer: Answer, now: number): Verdict | undefined {
  return answer.status < 300 ? undefined : judgeToken(answer, now);
}
