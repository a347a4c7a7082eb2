/**
 * Writes the pictures of the status page into docs/images/: sample data, light and dark. They are
 * not part of the generated files, for fonts differ between machines.
 *
 *   deno task screenshots [FOLDER]    with a folder: every sample in every form, into it
 *
 * @module
 */
import { join, resolve } from "node:path";
import process from "node:process";
import type { Browser, BrowserContextOptions } from "playwright-core";
import type { StatusSnapshot } from "../lib/web/mod.ts";
import { startBrowser, watchedPage } from "../tests/support/browser.ts";
import {
  busySample,
  freshSample,
  lonelySample,
  NOW,
  quietSample,
} from "../tests/support/status_sample.ts";
import { serveStatus } from "../tests/support/status_web.ts";

/** One picture. */
interface Picture {
  readonly name: string;
  readonly sample: StatusSnapshot;
  readonly form: BrowserContextOptions;
  /** Whether the newest run is opened. */
  readonly open?: boolean;
  /** The whole page (the default), or what a window shows of it. */
  readonly whole?: boolean;
}

const DESKTOP = { viewport: { width: 1080, height: 860 }, colorScheme: "light" } as const;
const DARK = { ...DESKTOP, colorScheme: "dark" } as const;
const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: "light" } as const;

const DOCUMENTED: readonly Picture[] = [
  { name: "status_light", sample: busySample(), form: DESKTOP, whole: false },
  { name: "status_dark", sample: busySample(), form: DARK, whole: false },
];
const EVERY: readonly Picture[] = [
  ...DOCUMENTED,
  { name: "quiet_light", sample: quietSample(), form: DESKTOP },
  { name: "lonely_dark", sample: lonelySample(), form: DARK },
  { name: "fresh_light", sample: freshSample(), form: DESKTOP },
  { name: "open_light", sample: busySample(), form: DESKTOP, open: true },
  { name: "phone_light", sample: busySample(), form: PHONE, open: true },
  { name: "phone_dark", sample: quietSample(), form: { ...PHONE, colorScheme: "dark" } },
];

async function take(browser: Browser, picture: Picture, folder: string): Promise<void> {
  await using web = serveStatus(picture.sample);
  await using watched = await watchedPage(browser, {
    ...picture.form,
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  const { page } = watched;
  await page.clock.setFixedTime(NOW);
  await page.goto(web.url, { waitUntil: "networkidle" });
  if (picture.open === true) await page.locator(".runs summary").first().click();
  const path = join(folder, `${picture.name}.png`);
  await page.screenshot({ path, fullPage: picture.whole ?? true });
  process.stdout.write(`${path}: written\n`);
}

if (import.meta.main) {
  const [given] = Deno.args;
  const folder = resolve(given ?? join(import.meta.dirname ?? ".", "../docs/images"));
  await Deno.mkdir(folder, { recursive: true });
  await using browser = await startBrowser();
  for (const picture of given === undefined ? DOCUMENTED : EVERY) {
    await take(browser, picture, folder);
  }
}
