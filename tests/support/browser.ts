import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Names of a Chromium on PATH, best first. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * The browser of this machine: the variable CHROMIUM, else one on PATH.
 * @throws Error when there is none
 */
export function browserPath(): string {
  const given = Deno.env.get("CHROMIUM");
  if (given !== undefined && given !== "") return given;
  const folders = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder !== "");
  for (const name of NAMES) {
    const found = folders.map((folder) => `${folder}/${name}`).find(isFile);
    if (found !== undefined) return found;
  }
  throw new Error(`none of ${NAMES.join(", ")} is on PATH: run scripts/setup --tests`);
}

/** Starts the browser without a window; disposing ends it. */
export async function startBrowser(): Promise<Browser & AsyncDisposable> {
  return await chromium.launch({
    executablePath: browserPath(),
    // Root may not use Chromium's own sandbox; the pages are our own, from this machine.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server"],
  });
}

/** A page with everything that it asked for and complained about. */
export interface Watched {
  readonly page: Page;
  /** URLs of requests. */
  readonly requests: string[];
  /** Errors of scripts, messages of the console, refused loads. */
  readonly complaints: string[];
}

/** Opens an empty page in a context of its own and watches it. */
export async function watchedPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Watched & AsyncDisposable> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => void requests.push(request.url()));
  page.on("console", (message) => {
    if (!/^(debug|verbose)$/.test(message.type())) {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => void complaints.push(`pageerror: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, requests, complaints, [Symbol.asyncDispose]: () => context.close() };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}
