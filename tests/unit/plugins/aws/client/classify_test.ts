import assert from "node:assert/strict";
import { classify } from "../../../../../plugins/aws/client/classify.ts";
import { awsError } from "../../../../support/fake_aws.ts";

/** Error text as AWS writes it → what it means. */
const CASES: readonly [
  title: string,
  error: Error,
  region: string,
  expected: Readonly<Record<string, unknown>>,
][] = [
  [
    "throttles by code",
    awsError("RequestLimitExceeded", "Request limit exceeded.", 503),
    "eu-west-1",
    { fault: "throttled", retry: "throttle" },
  ],
  [
    "throttles by status",
    awsError("SomethingNew", "Rate exceeded", 429),
    "eu-west-1",
    { fault: "throttled", retry: "throttle" },
  ],
  [
    "an expired token",
    awsError("ExpiredTokenException", "The security token included in the request is expired", 403),
    "eu-west-1",
    { fault: "expired_credentials", retry: "credentials" },
  ],
  [
    "an IAM denial with the action it names",
    awsError(
      "AccessDenied",
      "User: arn:aws:iam::1:user/x is not authorized to perform: iam:ListUsers on resource: * because no identity-based policy allows the iam:ListUsers action",
      403,
    ),
    "us-east-1",
    { fault: "access_denied", permission: "iam:ListUsers", policy: undefined, retry: undefined },
  ],
  [
    "a denial by a service control policy",
    awsError(
      "UnauthorizedOperation",
      "You are not authorized to perform this operation. User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ec2:DescribeVpcs with an explicit deny in a service control policy",
      403,
    ),
    "eu-west-1",
    { fault: "access_denied", permission: "ec2:DescribeVpcs", policy: true },
  ],
  [
    "a denial because no service control policy allows it",
    awsError(
      "AccessDeniedException",
      "User: x is not authorized to perform: eks:ListClusters because no service control policy allows the eks:ListClusters action",
      403,
    ),
    "eu-west-1",
    { fault: "access_denied", policy: true },
  ],
  [
    "any other 403 as a denial",
    awsError("Forbidden", "Forbidden", 403),
    "eu-west-1",
    { fault: "access_denied" },
  ],
  [
    "a region that has to be opted in",
    awsError("OptInRequired", "You are not subscribed to this service.", 401),
    "me-south-1",
    { fault: "not_enabled", region: true },
  ],
  [
    "credentials that an opt-in region does not know",
    awsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "ap-east-1",
    { fault: "not_enabled", region: true, retry: undefined },
  ],
  [
    "credentials that a region known to every account does not know",
    awsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
    "us-east-1",
    { fault: "no_credentials", retry: "credentials" },
  ],
  [
    "a service without subscription",
    awsError("SubscriptionRequiredException", "The AWS Access Key Id needs a subscription", 400),
    "eu-west-1",
    { fault: "not_enabled", region: false },
  ],
  [
    "an operation that does not exist there",
    awsError("UnknownOperationException", "", 404),
    "cn-north-1",
    { fault: "unsupported", retry: undefined },
  ],
  [
    "a function that the region lacks",
    awsError("UnsupportedOperation", "The operation is not supported in this region.", 400),
    "eu-west-1",
    { fault: "unsupported" },
  ],
  [
    "an unsupported request, which says nothing about the region",
    awsError("UnsupportedOperation", "The instance is not in a state to do this", 400),
    "eu-west-1",
    { fault: "request", retry: undefined },
  ],
  [
    "a fault of the service",
    awsError("InternalError", "An internal error has occurred", 500),
    "eu-west-1",
    { fault: "request", retry: "transient" },
  ],
  [
    "a gateway's answer of another form",
    awsError("UnknownError", "UnknownError", 502),
    "eu-west-1",
    { fault: "request", retry: "transient" },
  ],
  [
    "a clock that is off",
    awsError("RequestTimeTooSkewed", "The difference between the times is too large", 403),
    "eu-west-1",
    { fault: "request", retry: "transient" },
  ],
  [
    "a connection that was reset",
    new TypeError(
      "error sending request for url (https://x/): connection closed before message completed",
    ),
    "eu-west-1",
    { fault: "request", retry: "transient" },
  ],
  [
    "an authority that is not trusted, which repeating does not change",
    new TypeError(
      "error sending request for url (https://x/): client error (Connect): invalid peer certificate: UnknownIssuer",
    ),
    "eu-west-1",
    { fault: "request", code: "CertificateError", retry: undefined },
  ],
  [
    "an answer that stops in the middle",
    new TypeError(
      "error reading a body from connection: end of file before message length reached",
    ),
    "eu-west-1",
    { fault: "request", retry: "transient" },
  ],
  [
    "a host name that does not resolve",
    new TypeError(
      "error sending request: dns error: failed to lookup address information: Name or service not known",
    ),
    "eu-west-1",
    { fault: "request", retry: "transient", unresolved: true },
  ],
  [
    "an answer about a missing thing is no unresolved name",
    awsError("ResourceNotFound", "ResourceNotFoundException: no such host is registered", 404),
    "eu-west-1",
    { fault: "request", retry: undefined, unresolved: undefined },
  ],
  [
    "a resolver that does not answer, which says nothing about the name",
    new TypeError(
      "dns error: failed to lookup address information: Temporary failure in name resolution",
    ),
    "eu-west-1",
    { fault: "request", retry: "transient", unresolved: undefined },
  ],
  [
    "an expired SSO session",
    awsError(
      "CredentialsProviderError",
      "The SSO session associated with this profile has expired.",
    ),
    "eu-west-1",
    { fault: "expired_credentials", retry: undefined },
  ],
  [
    "no credentials at all",
    awsError("CredentialsProviderError", "Could not load credentials from any providers"),
    "eu-west-1",
    { fault: "no_credentials", retry: undefined },
  ],
  [
    "a request that the service does not understand",
    awsError("ValidationError", "1 validation error detected", 400),
    "eu-west-1",
    { fault: "request", retry: undefined },
  ],
];

for (const [title, error, region, expected] of CASES) {
  Deno.test(`classify tells ${title}`, () => {
    const verdict = classify(error, region);
    for (const [key, value] of Object.entries(expected)) {
      assert.equal(Reflect.get(verdict, key), value, `${key} of ${JSON.stringify(verdict)}`);
    }
  });
}

Deno.test("classify keeps code and message on one line", () => {
  const verdict = classify(awsError("ValidationError", "first\n  second"), "eu-west-1");
  assert.deepEqual([verdict.code, verdict.message], ["ValidationError", "first second"]);
});

Deno.test("classify says of an answer that nobody understands just that, under one code", () => {
  const parser =
    "Unexpected token '<'\n  Deserialization error: to see the raw response, inspect " +
    "the hidden field {error}.$response on this object.";
  for (
    const error of [
      awsError("SyntaxError", parser, 500),
      awsError(
        "Error",
        "@aws-sdk XML parse error: unexpected content.\n  Deserialization error",
        500,
      ),
      awsError("Unknown", "Unknown", 500),
      awsError("Unknown", "UnknownError", 500),
    ]
  ) {
    const { fault, code, message, retry } = classify(error, "eu-west-1");
    assert.deepEqual([fault, code, message, retry], [
      "request",
      "UnreadableAnswer",
      "the answer could not be understood (HTTP 500)",
      "transient",
    ]);
  }
});

Deno.test("classify takes a proxy's refusal for no denial of AWS", () => {
  assert.equal(classify(awsError("Unknown", "UnknownError", 403), "eu-west-1").fault, "request");
});

Deno.test("classify leaves session token and signature out of messages", () => {
  const { message } = classify(
    awsError(
      "InvalidSignatureException",
      "The Canonical String for this request should have been 'POST\n/\n\nhost:sts\n" +
        "x-amz-security-token:IQoJb3JpZ2luX2VjEAo/+=\n\n' Authorization: " +
        "AWS4-HMAC-SHA256 Credential=AKIA1/2026/x, SignedHeaders=host, Signature=abcdef012345",
      403,
    ),
    "eu-west-1",
  );
  assert.doesNotMatch(message, /IQoJ|AKIA1|abcdef/);
  assert.match(message, /x-amz-security-token:\[secret\]/);
});
