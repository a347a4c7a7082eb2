import { by, call, change, defineResource, from } from "../resource.ts";

const tagging = {
  setTag: [change("TagResource", { resourceArn: "$arn", tags: { "$tag.key": "$tag.value" } })],
  removeTag: [change("UntagResource", { resourceArn: "$arn", tagKeys: ["$tag.key"] })],
};

/** EKS clusters and the node groups below them. */
export const eksCluster = defineResource({
  kind: "aws_eks_cluster",
  bases: ["aws_resource", "resource"],
  pythonClass: "AWSEKSCluster",
  description: "A Kubernetes cluster that AWS runs.",
  service: "eks",
  scope: "region",
  collector: "eks_clusters",
  list: call("ListClusters", "clusters[]"),
  describe: call("DescribeCluster", "cluster", { name: "$key" }),
  id: "arn",
  name: "name",
  arn: "arn",
  ctime: "createdAt",
  properties: {
    cluster_status: { value: "status", default: "" },
    cluster_endpoint: { value: "endpoint", default: "" },
  },
  edges: [from("aws_iam_role", by("arn", "roleArn"))],
  missing: ["ResourceNotFoundException"],
  read: call("DescribeCluster", "cluster", { name: "$name" }),
  cleanup: { never: [{ deletion_protection: [true] }] },
  children: [{
    kind: "aws_eks_nodegroup",
    bases: ["aws_resource", "resource"],
    pythonClass: "AWSEKSNodegroup",
    description: "Instances that a cluster runs on.",
    list: call("ListNodegroups", "nodegroups[]", { clusterName: "$parent.name" }),
    describe: call("DescribeNodegroup", "nodegroup", {
      clusterName: "$parent.name",
      nodegroupName: "$key",
    }),
    id: "nodegroupArn",
    name: "nodegroupName",
    arn: "nodegroupArn",
    ctime: "createdAt",
    mtime: "modifiedAt",
    properties: {
      cluster_name: { value: "clusterName", default: "" },
      nodegroup_status: { value: "status", default: "" },
    },
    missing: ["ResourceNotFoundException"],
    read: call("DescribeNodegroup", "nodegroup", {
      clusterName: "$.cluster_name",
      nodegroupName: "$name",
    }),
    edges: [from("aws_autoscaling_group", by("id", "resources.autoScalingGroups[].name"))],
    change: {
      ...tagging,
      delete: [
        change("DeleteNodegroup", { clusterName: "$.cluster_name", nodegroupName: "$name" }),
      ],
    },
  }],
  change: { ...tagging, delete: [change("DeleteCluster", { name: "$name" })] },
});
