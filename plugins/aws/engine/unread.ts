/** Stands for a secret where there is no key to hash it with. */
class Unread {}

const UNREAD = new Unread();

/** Puts that in the place of every secret. */
export function redactUnread(): unknown {
  return UNREAD;
}

/** Whether a value is, or holds, a secret that was not read. */
export function isUnread(value: unknown): boolean {
  if (value instanceof Unread) return true;
  if (Array.isArray(value)) return value.some(isUnread);
  if (typeof value !== "object" || value === null || value instanceof Date) return false;
  return !ArrayBuffer.isView(value) && Object.values(value).some(isUnread);
}
