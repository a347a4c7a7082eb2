import { ECDH } from "node:crypto";

/** `y² = x³ - 3x + b` modulo `p`. */
interface Curve {
  readonly p: bigint;
  readonly b: bigint;
}

const P256: Curve = {
  p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
};
const P384: Curve = {
  p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
  b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
};

/** Curves by the length of an uncompressed point. */
const CURVES: ReadonlyMap<number, Curve> = new Map([[65, P256], [97, P384]]);

/** Whether bytes are a point of NIST's curves P-256 or P-384, uncompressed. */
export function isPoint(bytes: Uint8Array): boolean {
  const curve = CURVES.get(bytes.length);
  if (curve === undefined || bytes[0] !== 4) return false;
  const { p, b } = curve;
  const half = (bytes.length + 1) / 2;
  const [x, y] = [toNumber(bytes.subarray(1, half)), toNumber(bytes.subarray(half))];
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}

/**
 * Makes a key exchange over a point that is none an error. The runtime's own answer is the end of the
 * whole process, and whoever stands between us and a host could send one: its key is public.
 */
export function guardKeyExchange(): void {
  const compute = methodOf("computeSecret");
  const own = methodOf("getPublicKey");
  const guarded = function (this: unknown, ...args: readonly unknown[]): unknown {
    const [point] = args;
    const ownPoint: unknown = Reflect.apply(own, this, []);
    // A point of the other curve is as bad as none.
    if (!isPointLike(point, ownPoint)) {
      throw new Error("the host's part of the key exchange is no point of the curve");
    }
    return Reflect.apply(compute, this, args);
  };
  Object.defineProperty(ECDH.prototype, "computeSecret", { value: guarded });
}

function isPointLike(point: unknown, own: unknown): boolean {
  return point instanceof Uint8Array && own instanceof Uint8Array &&
    point.length === own.length && isPoint(point);
}

function methodOf(name: string): (...args: readonly unknown[]) => unknown {
  const method: unknown = Reflect.get(ECDH.prototype, name);
  if (typeof method !== "function") throw new Error(`The runtime's key exchange has no ${name}`);
  return (method as (...args: readonly unknown[]) => unknown);
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytes.toHex()}`);
}
