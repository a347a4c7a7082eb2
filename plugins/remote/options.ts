import { z } from "zod";
import { endpointProblem, readEndpoint } from "./source/endpoint.ts";

const list = () => z.array(z.string().min(1)).default([]);

/** Options of the plugin; keys become flags `--remote-…`, variables and file keys. */
export const options = z.object({
  endpoint: list().describe("Graphs to read: https:// or file:// addresses of NDJSON exports")
    .meta({ placeholder: "URL" }),
  cloud: list().describe("Clouds whose nodes are taken from them; others are left out")
    .meta({ placeholder: "NAME" }),
  token: list().describe("Bearer tokens of the endpoints, in the same order").meta({
    secret: true,
  }),
}).superRefine(({ endpoint, token }, context) => {
  const fail = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const problem = endpoint.map(endpointProblem).find((each) => each !== undefined);
  if (problem !== undefined) return fail("endpoint", problem);
  const labels = endpoint.map((each) => readEndpoint(each).label);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) fail("endpoint", `names ${twice} twice`);
  if (token.length > 0 && token.length !== endpoint.length) {
    const { length } = endpoint;
    fail("token", `must have as many values as --remote-endpoint: ${length}, not ${token.length}`);
  }
});

/** Validated options. */
export type RemoteOptions = z.output<typeof options>;
