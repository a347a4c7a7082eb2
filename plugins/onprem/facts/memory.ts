const KIB_OF_GIB = 1024 ** 2;

/** `MemTotal` of `/proc/meminfo` in KiB; undefined when it tells none. */
export function readMemory(text: string): number | undefined {
  const [, kib] = /^MemTotal:\s*(\d{1,15})\s*kB\s*$/m.exec(text) ?? [];
  return kib === undefined ? undefined : Number(kib);
}

/** Whole GiB, to the nearest. */
export function toGib(kib: number): number {
  return Math.round(kib / KIB_OF_GIB);
}
