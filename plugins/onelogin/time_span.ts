const DAY_MS = 86_400_000;

/** A time span as text: `12 days, 3:04:05`, with six digits of a second where there are any. */
export function spanText(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  const pad = (value: number) => String(value).padStart(2, "0");
  const seconds = Math.floor(rest / 1_000);
  const fraction = rest % 1_000 === 0 ? "" : `.${String(rest % 1_000).padStart(3, "0")}000`;
  const time = `${Math.floor(seconds / 3_600)}:${pad(Math.floor(seconds / 60) % 60)}:${
    pad(seconds % 60)
  }${fraction}`;
  return days === 0 ? time : `${days} ${Math.abs(days) === 1 ? "day" : "days"}, ${time}`;
}
