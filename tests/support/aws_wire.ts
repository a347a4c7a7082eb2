/** How an AWS service speaks: decides how a request is read and how an error must look. */
export type Protocol = "ec2" | "query" | "json" | "rest-xml" | "rest-json";

/** One AWS request as a proxy sees it. */
export interface AwsCall {
  /** SDK service id in lower case: `ec2`, `elb`, `elbv2`, `cloudwatch`, `service-quotas` … */
  readonly service: string;
  /** `DescribeVpcs`; method and path when a REST path is not known. */
  readonly operation: string;
  readonly protocol: Protocol;
  /** Region of the signature, `us-east-1` when unsigned. */
  readonly region: string;
  readonly accessKey: string;
  /** Arguments without those of paging, version and times, sorted; the same for every client. */
  readonly key: string;
}

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path with query string. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** An answer to be written to the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a failed call says. `status` is the HTTP status. */
export interface AwsError {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

const SERVICES: Readonly<Record<string, string>> = {
  monitoring: "cloudwatch",
  servicequotas: "service-quotas",
};
const QUERY_SERVICES = new Set([
  "iam",
  "sts",
  "elb",
  "elbv2",
  "rds",
  "cloudformation",
  "autoscaling",
  "sns",
  "elasticache",
  "redshift",
  "elasticbeanstalk",
  "ses",
]);
const REST_XML = new Set(["s3", "route53", "cloudfront"]);
const EKS_PATHS: readonly (readonly [RegExp, string])[] = [
  [/^\/clusters$/, "ListClusters"],
  [/^\/clusters\/[^/]+$/, "DescribeCluster"],
  [/^\/clusters\/[^/]+\/node-groups$/, "ListNodegroups"],
  [/^\/clusters\/[^/]+\/node-groups\/[^/]+$/, "DescribeNodegroup"],
];
const S3_QUERIES: Readonly<Record<string, string>> = {
  location: "GetBucketLocation",
  tagging: "GetBucketTagging",
  versioning: "GetBucketVersioning",
  encryption: "GetBucketEncryption",
  policy: "GetBucketPolicy",
  acl: "GetBucketAcl",
  logging: "GetBucketLogging",
  publicAccessBlock: "GetPublicAccessBlock",
};
const PAGING = new Set([
  "Version",
  "Action",
  "MaxResults",
  "MaxItems",
  "MaxRecords",
  "PageSize",
  "maxResults",
  "x-id",
  "max-buckets",
  "StartTime",
  "EndTime",
]);
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Reads service, operation, region, key and arguments out of a signed AWS request. */
export function identifyCall(request: WireRequest): AwsCall {
  const url = new URL(request.target, "http://aws");
  const scope = /Credential=([^/,]+)\/[^/]+\/([^/]+)\/([^/]+)\//.exec(
    request.headers.get("authorization") ?? "",
  );
  const text = decoder.decode(request.body);
  const form = isForm(request) ? new URLSearchParams(text) : undefined;
  const service = serviceName(scope?.[3] ?? "unknown", form?.get("Version") ?? undefined);
  const amzTarget = request.headers.get("x-amz-target");
  const protocol = protocolOf(service, form !== undefined, amzTarget !== null);
  return {
    service,
    operation: form?.get("Action") ?? amzTarget?.split(".").at(-1) ??
      restOperation(service, request.method, url),
    protocol,
    region: scope?.[2] ?? "us-east-1",
    accessKey: scope?.[1] ?? "",
    key: argumentKey(form ?? url.searchParams, protocol, url.pathname, text),
  };
}

/** The answer by which the service of `call` reports `error`. */
export function errorAnswer(call: AwsCall, error: AwsError): WireAnswer {
  const { code, message, status } = error;
  const detail = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  switch (call.protocol) {
    case "ec2":
      return xml(
        status,
        `<Response><Errors><Error>${detail}</Error></Errors>${REQUEST_ID_EC2}</Response>`,
      );
    case "query":
      return xml(
        status,
        `<ErrorResponse><Error><Type>${
          fault(status)
        }</Type>${detail}</Error>${REQUEST_ID}</ErrorResponse>`,
      );
    case "rest-xml":
      return xml(status, `<Error>${detail}${REQUEST_ID}<HostId>host</HostId></Error>`);
    case "json":
      return json(status, { __type: code, message }, queryError(call, error));
    case "rest-json":
      return json(status, { message }, { "x-amzn-errortype": code });
  }
}

/** A valid answer of `call` that lists nothing. */
export function emptyAnswer(call: AwsCall): WireAnswer {
  const { operation } = call;
  switch (call.protocol) {
    case "ec2":
      return xml(200, `<${operation}Response>${REQUEST_ID_LOWER}</${operation}Response>`);
    case "query":
      return xml(
        200,
        `<${operation}Response><${operation}Result/><ResponseMetadata>${REQUEST_ID}</ResponseMetadata></${operation}Response>`,
      );
    case "rest-xml":
      return xml(200, `<${operation.replace(/[^A-Za-z]/g, "")}Result/>`);
    default:
      return json(200, {}, {});
  }
}

const REQUEST_ID = "<RequestId>00000000-0000-4000-8000-000000000000</RequestId>";
const REQUEST_ID_EC2 = "<RequestID>00000000-0000-4000-8000-000000000000</RequestID>";
const REQUEST_ID_LOWER = "<requestId>00000000-0000-4000-8000-000000000000</requestId>";

function isForm(request: WireRequest): boolean {
  return request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") ??
    false;
}

function serviceName(signed: string, version: string | undefined): string {
  if (signed === "elasticloadbalancing") return version === "2015-12-01" ? "elbv2" : "elb";
  return SERVICES[signed] ?? signed;
}

function protocolOf(service: string, isForm: boolean, hasTarget: boolean): Protocol {
  if (hasTarget) return "json";
  if (service === "ec2") return "ec2";
  if (isForm || QUERY_SERVICES.has(service)) return "query";
  return REST_XML.has(service) ? "rest-xml" : "rest-json";
}

function restOperation(service: string, method: string, url: URL): string {
  if (service === "s3") return s3Operation(method, url);
  if (service === "eks" && method === "GET") {
    const known = EKS_PATHS.find(([path]) => path.test(url.pathname));
    if (known !== undefined) return known[1];
  }
  if (service === "eks" && url.pathname.startsWith("/tags/")) {
    return method === "DELETE" ? "UntagResource" : "TagResource";
  }
  return `${method} ${url.pathname}`;
}

/** The bucket is the first part of the path. */
function s3Operation(method: string, url: URL): string {
  if (method === "POST" && url.searchParams.has("delete")) return "DeleteObjects";
  if (method === "DELETE" && /^\/[^/]+\/?$/.test(url.pathname)) return "DeleteBucket";
  if (method !== "GET") return `${method} ${url.pathname}`;
  if (url.pathname === "/") return "ListBuckets";
  if (url.searchParams.get("list-type") === "2") return "ListObjectsV2";
  const query = Object.keys(S3_QUERIES).find((name) => url.searchParams.has(name));
  return query === undefined ? "ListObjects" : S3_QUERIES[query] ?? query;
}

function argumentKey(
  parameters: URLSearchParams,
  protocol: Protocol,
  path: string,
  text: string,
): string {
  if (protocol === "json") return jsonKey(text);
  const kept = [...parameters].filter(([name]) => !PAGING.has(name)).map(([name, value]) =>
    `${name}=${value}`
  ).sort().join("&");
  return protocol.startsWith("rest") ? `${path}?${kept}` : kept;
}

/** Top level only: arguments that the collectors send are flat or lists. */
function jsonKey(text: string): string {
  const parsed: unknown = text === "" ? {} : JSON.parse(text);
  if (parsed === null || typeof parsed !== "object") return text;
  const kept = Object.entries(parsed).filter(([name]) => !PAGING.has(name))
    .sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify(Object.fromEntries(kept));
}

/** CloudWatch and SQS once spoke the query protocol and still send its code in a header. */
function queryError(call: AwsCall, error: AwsError): Record<string, string> {
  if (call.service !== "cloudwatch" && call.service !== "sqs") return {};
  const code = error.code === "UnrecognizedClientException"
    ? "InvalidClientTokenId"
    : error.code.replace(/Exception$/, "");
  return { "x-amzn-query-error": `${code};${fault(error.status)}` };
}

function fault(status: number): string {
  return status >= 500 ? "Receiver" : "Sender";
}

function xml(status: number, body: string): WireAnswer {
  return {
    status,
    headers: { "content-type": "text/xml" },
    body: encoder.encode(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`),
  };
}

function json(status: number, body: unknown, headers: Record<string, string>): WireAnswer {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", ...headers },
    body: encoder.encode(JSON.stringify(body)),
  };
}

function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
