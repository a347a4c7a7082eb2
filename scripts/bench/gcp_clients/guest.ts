/** Counts what a way of listing yields, and tells when the first page and the last are there. */
export function countPages(list: (port: number) => AsyncIterable<number>): void {
  addEventListener("message", async ({ data: port }: MessageEvent<number>) => {
    let found = 0;
    let at: "first" | "last" = "first";
    for await (const instances of list(port)) {
      found += instances;
      if (at === "first") postMessage({ at, found });
      at = "last";
    }
    postMessage({ at: "last", found });
  });
}
