import { by, call, change, constant, defineResource, from } from "../resource.ts";
import { quota } from "../hooks/quota.ts";

/** Certificates that were uploaded to IAM, and their quota. */
export const iamServerCertificate = defineResource({
  kind: "aws_iam_server_certificate",
  bases: ["aws_resource", "certificate"],
  pythonClass: "AWSIAMServerCertificate",
  description: "A certificate for load balancers.",
  service: "iam",
  scope: "global",
  collector: "iam_server_certificates",
  list: call("ListServerCertificates", "ServerCertificateMetadataList[]"),
  id: "ServerCertificateId",
  name: "ServerCertificateName",
  arn: "Arn",
  ctime: "UploadDate",
  properties: { path: "Path", expires: "Expiration" },
  edges: [
    from("aws_iam_server_certificate_quota", by("id", constant("iam_server_certificates_quota"))),
  ],
  companions: [quota({
    kind: "aws_iam_server_certificate_quota",
    bases: ["aws_resource", "certificate_quota"],
    pythonClass: "AWSIAMServerCertificateQuota",
    id: "iam_server_certificates_quota",
    of: ["iam", "Server certificates per account"],
  })],
  missing: ["NoSuchEntity"],
  change: {
    delete: [change("DeleteServerCertificate", { ServerCertificateName: "$name" })],
  },
});
