import { list, text } from "../engine/path.ts";
import type { Compute, Raw } from "../resource.ts";

/** Inline policies of a structure of IAM by name, each as the JSON text that its author wrote. */
export function inlinePolicies(member: string): Compute {
  return (raw) =>
    Object.fromEntries(
      list(raw, member).flatMap((policy) => {
        const name = text(policy, "PolicyName");
        return name === undefined ? [] : [[name, decoded(text(policy, "PolicyDocument") ?? "")]];
      }),
    );
}

/** A policy as the JSON text that its author wrote. */
export function policyDocument(member: string): (raw: Raw) => string | undefined {
  return (raw) => {
    const document = text(raw, member);
    return document === undefined ? undefined : decoded(document);
  };
}

/** IAM escapes documents as in a URL. */
function decoded(document: string): string {
  try {
    return decodeURIComponent(document);
  } catch (error) {
    // It holds a lone percent sign, so it is not escaped.
    if (error instanceof URIError) return document;
    throw error;
  }
}
