import type { Json } from "./validate.ts";

/** An object as the API has it. */
export interface ApiObject extends Json {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Json & { readonly name: string; readonly uid: string };
}

/** Makes an object; its uid tells what it is. */
export function object(
  apiVersion: string,
  kind: string,
  at: string,
  rest: Json = {},
  metadata: Json = {},
): ApiObject {
  const [namespace, name] = at.includes("/") ? at.split("/") : ["", at];
  return {
    apiVersion,
    kind,
    metadata: {
      name: name ?? "",
      ...(namespace === "" ? {} : { namespace }),
      uid: uidOf(kind, at),
      resourceVersion: "1",
      creationTimestamp: "2026-01-01T10:00:00Z",
      ...metadata,
    },
    ...rest,
  };
}

/** The uid of an object of {@link object}. */
export function uidOf(kind: string, at: string): string {
  return `${kind.toLowerCase()}-${at.replace("/", "-")}`;
}

/** An entry of `ownerReferences`. */
export function owner(apiVersion: string, kind: string, at: string): Json {
  return { apiVersion, kind, name: at.split("/").at(-1), uid: uidOf(kind, at), controller: true };
}

const RBAC = "rbac.authorization.k8s.io";
const web = { app: "web" };
const container = {
  name: "main",
  image: "nginx:1",
  command: ["run", "--password=hunter2"],
  env: [
    { name: "PASSWORD", value: "hunter2" },
    { name: "LEVEL", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } },
  ],
  envFrom: [{ secretRef: { name: "keys" } }],
  ports: [{ containerPort: 80 }],
  resources: { limits: { memory: "64Mi" } },
};
const template = { metadata: { labels: web }, spec: { containers: [container] } };
const selector = { matchLabels: web };

/** A small shop in namespace `shop`, as a server would take it; `other` has things of equal names. */
export function shop(): readonly ApiObject[] {
  return [
    object("v1", "Namespace", "shop", {}, { labels: { team: "blue" } }),
    object("v1", "Namespace", "other"),
    object("v1", "Node", "n1", { status: { capacity: { cpu: "4" } } }),
    object("apps/v1", "Deployment", "shop/web", { spec: { replicas: 2, selector, template } }),
    object("apps/v1", "ReplicaSet", "shop/web-1", { spec: { replicas: 2, selector, template } }, {
      ownerReferences: [owner("apps/v1", "Deployment", "shop/web")],
    }),
    ...["web-a", "web-b"].map((name, i) => webPod(`shop/${name}`, i)),
    object("v1", "Pod", "other/web-a", {
      spec: { containers: [{ name: "main", image: "nginx:1" }] },
      status: { phase: "Failed" },
    }, { labels: web }),
    object("v1", "Service", "shop/web", { spec: { selector: web, ports: [{ port: 80 }] } }),
    object("v1", "Service", "shop/headless", {
      spec: { clusterIP: "None", ports: [{ port: 80 }] },
    }),
    object("networking.k8s.io/v1", "Ingress", "shop/web", {
      spec: {
        ingressClassName: "nginx",
        rules: [{
          host: "shop.test",
          http: {
            paths: [{
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: "web", port: { number: 80 } } },
            }],
          },
        }],
        tls: [{ hosts: ["shop.test"], secretName: "keys" }],
      },
    }),
    object("networking.k8s.io/v1", "IngressClass", "nginx", { spec: { controller: "test/nginx" } }),
    object("networking.k8s.io/v1", "NetworkPolicy", "shop/web", {
      spec: {
        podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] },
      },
    }),
    object("networking.k8s.io/v1", "NetworkPolicy", "shop/all", { spec: { podSelector: {} } }),
    object("policy/v1", "PodDisruptionBudget", "shop/web", { spec: { minAvailable: 1, selector } }),
    object("autoscaling/v2", "HorizontalPodAutoscaler", "shop/web", {
      spec: {
        maxReplicas: 5,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      },
    }),
    ...storage(),
    object("v1", "ConfigMap", "shop/settings", { data: { level: "hunter2" } }),
    object("v1", "ConfigMap", "other/settings", { data: { level: "x" } }),
    object("v1", "Secret", "shop/keys", { data: { key: "aHVudGVyMg==" }, type: "Opaque" }),
    object("v1", "ServiceAccount", "shop/robot"),
    object(`${RBAC}/v1`, "Role", "shop/reader", {
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    }),
    object(`${RBAC}/v1`, "RoleBinding", "other/readers", {
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "view" },
      subjects: [
        { kind: "ServiceAccount", name: "robot", namespace: "shop" },
        { apiGroup: RBAC, kind: "User", name: "ann" },
      ],
    }),
    object(`${RBAC}/v1`, "ClusterRole", "view", { rules: [] }),
  ];
}

function webPod(at: string, index: number): ApiObject {
  return object("v1", "Pod", at, {
    spec: {
      nodeName: "n1",
      serviceAccountName: "robot",
      containers: [container],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
    },
    status: { phase: index === 0 ? "Running" : "Pending", podIP: `10.0.0.${index + 1}` },
  }, { labels: web, ownerReferences: [owner("apps/v1", "ReplicaSet", "shop/web-1")] });
}

function storage(): readonly ApiObject[] {
  const spec = { accessModes: ["ReadWriteOnce"], storageClassName: "fast", volumeName: "pv1" };
  return [
    object("storage.k8s.io/v1", "StorageClass", "fast", { provisioner: "csi.test" }),
    object("storage.k8s.io/v1", "CSIDriver", "csi.test", { spec: { attachRequired: true } }),
    object("v1", "PersistentVolume", "pv1", {
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "1500Mi" },
        storageClassName: "fast",
        csi: { driver: "csi.test", volumeHandle: "v-1" },
      },
      status: { phase: "Bound" },
    }),
    object("v1", "PersistentVolumeClaim", "shop/data", {
      spec: { ...spec, resources: { requests: { storage: "1Gi" } } },
    }),
  ];
}
