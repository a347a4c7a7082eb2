import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { EKSClient, ListClustersCommand } from "@aws-sdk/client-eks";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListServiceQuotasCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { type FaultEffect, type FaultRule, startFaultProxy } from "../../support/fault_proxy.ts";

const VPCS =
  "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>";
const ASSUMED =
  "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAMEMBER</AccessKeyId>" +
  "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>" +
  "<Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

/** A tiny AWS: knows two operations and counts its calls. */
function startUpstream() {
  let calls = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    calls++;
    const body = await request.text();
    return new Response(body.includes("AssumeRole") ? ASSUMED : VPCS, {
      headers: { "content-type": "text/xml" },
    });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    get calls() {
      return calls;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function settings(endpoint: string, accessKeyId = "AKIATEST") {
  return {
    endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId, secretAccessKey: "secret" },
    maxAttempts: 1,
    forcePathStyle: true,
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: false }) }),
  };
}

async function withProxy(
  rules: readonly FaultRule[],
  body: (
    proxy: ReturnType<typeof startFaultProxy>,
    upstream: ReturnType<typeof startUpstream>,
  ) => Promise<void>,
) {
  await using upstream = startUpstream();
  await using proxy = startFaultProxy({ target: upstream.url, rules });
  await body(proxy, upstream);
}

function post(url: string): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Action=DescribeVpcs&Version=2016-11-15",
  });
}

async function vpcs(url: string, accessKey?: string, signal?: AbortSignal) {
  const client = new EC2Client(settings(url, accessKey));
  try {
    return (await client.send(new DescribeVpcsCommand({}), signal ? { abortSignal: signal } : {}))
      .Vpcs;
  } finally {
    client.destroy();
  }
}

type Call = (url: string) => Promise<unknown>;

/** One call of every wire protocol. */
const CALLS: Readonly<Record<string, Call>> = {
  ec2: (url) => vpcs(url),
  iam: (url) => new IAMClient(settings(url)).send(new ListRolesCommand({})),
  elbv2: (url) =>
    new ElasticLoadBalancingV2Client(settings(url)).send(new DescribeLoadBalancersCommand({})),
  cloudwatch: (url) => new CloudWatchClient(settings(url)).send(new DescribeAlarmsCommand({})),
  organizations: (url) => new OrganizationsClient(settings(url)).send(new ListAccountsCommand({})),
  "service-quotas": (url) =>
    new ServiceQuotasClient(settings(url)).send(
      new ListServiceQuotasCommand({ ServiceCode: "vpc" }),
    ),
  s3: (url) => new S3Client(settings(url)).send(new ListBucketsCommand({})),
  eks: (url) => new EKSClient(settings(url)).send(new ListClustersCommand({})),
};

/**
 * Error name and HTTP status that each service gives for an effect, in the order of `CALLS`.
 * CloudWatch speaks JSON but the client takes the code of its older query protocol.
 */
const ERRORS: readonly (readonly [FaultEffect, readonly string[]])[] = [
  [{ type: "throttle" }, [
    "RequestLimitExceeded 503",
    "Throttling 400",
    "Throttling 400",
    "Throttling 400",
    "ThrottlingException 400",
    "ThrottlingException 400",
    "SlowDown 503",
    "ThrottlingException 429",
  ]],
  [{ type: "unavailable", status: 500 }, [
    "InternalError 500",
    "InternalFailure 500",
    "InternalFailure 500",
    "InternalFailure 500",
    "InternalFailure 500",
    "InternalFailure 500",
    "InternalError 500",
    "InternalFailure 500",
  ]],
  [{ type: "expired" }, [
    "RequestExpired 400",
    "ExpiredToken 403",
    "ExpiredToken 403",
    "ExpiredToken 400",
    "ExpiredTokenException 400",
    "ExpiredTokenException 400",
    "ExpiredToken 400",
    "ExpiredTokenException 403",
  ]],
  [{ type: "denied" }, [
    "UnauthorizedOperation 403",
    "AccessDenied 403",
    "AccessDenied 403",
    "AccessDenied 400",
    "AccessDeniedException 400",
    "AccessDeniedException 400",
    "AccessDenied 403",
    "AccessDeniedException 403",
  ]],
  [{ type: "region_disabled" }, [
    "AuthFailure 401",
    "InvalidClientTokenId 403",
    "InvalidClientTokenId 403",
    "InvalidClientTokenId 400",
    "UnrecognizedClientException 400",
    "UnrecognizedClientException 400",
    "InvalidAccessKeyId 403",
    "UnrecognizedClientException 403",
  ]],
];

async function failure(
  call: Promise<unknown>,
): Promise<Error & { $metadata?: { httpStatusCode?: number } }> {
  try {
    await call;
  } catch (error) {
    assert(error instanceof Error);
    return error;
  }
  assert.fail("the call succeeded");
}

for (const [effect, wanted] of ERRORS) {
  Deno.test(`startFaultProxy ${effect.type}: every protocol gives its own error and status`, async () => {
    await withProxy([{ effect }], async (proxy, upstream) => {
      const seen: string[] = [];
      for (const call of Object.values(CALLS)) {
        const error = await failure(call(proxy.url));
        seen.push(`${error.name} ${error.$metadata?.httpStatusCode}`);
      }
      assert.deepEqual(seen, wanted);
      assert.equal(upstream.calls, 0);
    });
  });
}

Deno.test("startFaultProxy denied: names the action, and the policy that denies", async () => {
  await withProxy([{ service: "s3", effect: { type: "denied", by: "scp" } }, {
    effect: { type: "denied" },
  }], async (proxy) => {
    const scp = await failure(new S3Client(settings(proxy.url)).send(new ListBucketsCommand({})));
    assert.match(
      scp.message,
      /s3:ListAllMyBuckets .* with an explicit deny in a service control policy$/,
    );
    const identity = await failure(vpcs(proxy.url));
    assert.match(
      identity.message,
      /because no identity-based policy allows the ec2:DescribeVpcs action$/,
    );
  });
});

Deno.test("startFaultProxy forwards what no rule names, and counts it", async () => {
  await withProxy([{ service: "iam", effect: { type: "reset" } }], async (proxy, upstream) => {
    assert.deepEqual((await vpcs(proxy.url))?.map(({ VpcId }) => VpcId), ["vpc-1"]);
    assert.equal(upstream.calls, 1);
    assert.deepEqual(proxy.calls(), [{
      account: "123456789012",
      region: "eu-west-1",
      service: "ec2",
      operation: "DescribeVpcs",
      count: 1,
      faults: 0,
    }]);
  });
});

Deno.test("startFaultProxy nth, every, first: the right calls fail", async () => {
  const plans: readonly (readonly [Partial<FaultRule>, string])[] = [
    [{ nth: 2 }, "ok fail ok ok"],
    [{ every: 2 }, "ok fail ok fail"],
    [{ first: 3 }, "fail fail fail ok"],
  ];
  for (const [when, wanted] of plans) {
    await withProxy([{ ...when, effect: { type: "throttle" } }], async (proxy) => {
      const seen: string[] = [];
      for (let call = 0; call < 4; call++) {
        seen.push(await vpcs(proxy.url).then(() => "ok", () => "fail"));
      }
      assert.equal(seen.join(" "), wanted);
    });
  }
});

Deno.test("startFaultProxy account: learns keys out of AssumeRole answers", async () => {
  await withProxy([{ account: "222222222222", effect: { type: "denied" } }], async (proxy) => {
    const sts = new STSClient(settings(proxy.url));
    const role = "arn:aws:iam::222222222222:role/ckworker";
    const answer = await sts.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "test" }),
    );
    await failure(vpcs(proxy.url, answer.Credentials?.AccessKeyId));
    assert.equal((await vpcs(proxy.url))?.length, 1);
    assert.equal(proxy.total({ account: "222222222222", operation: "DescribeVpcs" }), 1);
  });
});

// By fetch: node:http of Deno 2.6.8 does not notice a connection that ends without an answer.
Deno.test("startFaultProxy reset: the client sees a lost connection", async () => {
  await withProxy([{ effect: { type: "reset" } }], async (proxy, upstream) => {
    await assert.rejects(post(proxy.url), /connection closed/);
    assert.equal(upstream.calls, 0);
  });
});

Deno.test("startFaultProxy truncate: the body ends below its content-length", async () => {
  await withProxy([{ effect: { type: "truncate" } }], async (proxy, upstream) => {
    const answer = await post(proxy.url);
    assert.equal(answer.headers.get("content-length"), String(VPCS.length));
    await assert.rejects(answer.text());
    assert.equal(upstream.calls, 1);
  });
});

Deno.test("startFaultProxy hang: only the client's signal ends the wait", async () => {
  await withProxy([{ effect: { type: "hang" } }], async (proxy) => {
    const error = await failure(vpcs(proxy.url, undefined, AbortSignal.timeout(100)));
    assert.match(error.name, /Abort|Timeout/);
  });
});

Deno.test("startFaultProxy latency: goes on with the next rule, and calls overlap", async () => {
  const rules: FaultRule[] = [
    { effect: { type: "latency", ms: 100 } },
    { effect: { type: "answer", body: VPCS.replace("vpc-1", "vpc-2") } },
  ];
  await withProxy(rules, async (proxy, upstream) => {
    const started = performance.now();
    const answers = await Promise.all([vpcs(proxy.url), vpcs(proxy.url), vpcs(proxy.url)]);
    assert(performance.now() - started >= 95);
    assert.deepEqual(answers.map((answer) => answer?.[0]?.VpcId), ["vpc-2", "vpc-2", "vpc-2"]);
    assert.equal(proxy.maxInFlight, 3);
    assert.equal(upstream.calls, 0);
  });
});
