const LIMIT_MS = 20_000;

/** Looks until something is so, while everything else goes on. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${LIMIT_MS / 1_000} s`);
    await turn();
  }
}

/** Everything that waits for nothing from outside has gone on when this resolves. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
