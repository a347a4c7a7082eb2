import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { StatusSnapshot } from "../../lib/web/mod.ts";
import { startBrowser, watchedPage } from "../support/browser.ts";
import { poisoned } from "../support/poisoned.ts";
import { busySample, lonelySample, quietSample } from "../support/status_sample.ts";
import { serveStatus } from "../support/status_web.ts";

/** The page in a real browser, which stays alive between the tests. */
const browser = await startBrowser();
Deno.test.afterAll(() => browser.close());

/** Text of what has the focus, and its element's name. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const { tagName, textContent, ariaLabel } = document.activeElement;
    return tagName + " " + (ariaLabel ?? textContent).trim().replaceAll(/\\s+/g, " ").slice(0, 24);
  })()`);
}

for (const colorScheme of ["light", "dark"] as const) {
  Deno.test(`status page: loads ${colorScheme}, silently, and asks only itself`, async () => {
    await using web = serveStatus(busySample());
    await using watched = await watchedPage(browser, { colorScheme });
    const { page, requests, complaints } = watched;
    await page.goto(web.url, { waitUntil: "networkidle" });
    assert.equal(await page.locator("h2").first().textContent(), "Mostly well");
    const ground = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    assert.equal(ground, colorScheme === "light" ? "rgb(246, 247, 246)" : "rgb(16, 20, 19)");
    assert.deepEqual(complaints, []);
    assert.ok(requests.length >= 4);
    assert.deepEqual(requests.filter((url) => !url.startsWith(web.url)), []);
  });
}

Deno.test("status page: the keyboard reaches everything, in the order of the page", async () => {
  await using web = serveStatus(busySample());
  await using watched = await watchedPage(browser);
  const { page } = watched;
  await page.goto(web.url);
  await page.locator("#pause").waitFor();
  const wanted = [
    "A To the status",
    "BUTTON Pause",
    ...["incomplete", "whole", "whole", "failed"].map((outcome) => `SUMMARY ${outcome}`),
    "DIV The most frequent kinds",
    "SUMMARY 5 more kinds",
    ...["Metrics", "Readiness", "Health", "This page as JSON"].map((link) => `A ${link}`),
  ];
  for (const each of wanted) {
    await page.keyboard.press("Tab");
    const found = await focused(page);
    assert.ok(found.startsWith(each), `${found} instead of ${each}`);
  }
});

Deno.test("status page: a run opens with the keyboard and shows the faults and their cure", async () => {
  await using web = serveStatus(busySample());
  await using watched = await watchedPage(browser);
  const { page } = watched;
  await page.goto(web.url);
  const run = page.locator(".runs details").first();
  assert.equal(await run.locator("table").isVisible(), false);
  await run.locator("summary").focus();
  await page.keyboard.press("Enter");
  await run.getByText("To cure it, allow").waitFor();
  assert.equal(await run.locator("table caption").isVisible(), true);
});

Deno.test("status page: shows what changed by itself; focus and opened rows stay", async () => {
  await using web = serveStatus(busySample());
  await using watched = await watchedPage(browser);
  const { page, complaints } = watched;
  await page.clock.install();
  await page.goto(web.url);
  const last = page.locator(".runs details").nth(1);
  await last.locator("summary").click();
  await page.evaluate("globalThis.same = document.activeElement");
  web.show(withNewerRun(busySample()));
  await page.clock.runFor(5_000);
  await page.locator(".runs details").nth(4).waitFor();
  await page.getByText("All is well").waitFor();
  assert.equal(await page.title(), "All is well · ckworker");
  const kept = "document.activeElement === same && same.parentElement.open";
  assert.equal(await page.evaluate<boolean>(kept), true);
  assert.equal(await page.locator(".runs details[open]").count(), 1);
  web.show(lonelySample());
  await page.clock.runFor(5_000);
  await page.getByText("Needs you").waitFor();
  assert.deepEqual(complaints, []);
});

Deno.test("status page: pauses on request and while it is hidden", async () => {
  await using web = serveStatus(busySample());
  await using watched = await watchedPage(browser);
  const { page } = watched;
  await page.clock.install();
  await page.goto(web.url);
  await page.getByText(/^Live/).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  const asked = web.asked;
  await page.clock.runFor(60_000);
  assert.equal(web.asked, asked);
  web.show(quietSample());
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText("All is well").waitFor();
  await page.evaluate(`Object.defineProperty(document, "hidden", { value: true });
    document.dispatchEvent(new Event("visibilitychange"))`);
  const seen = web.asked;
  await page.clock.runFor(60_000);
  assert.equal(web.asked, seen);
});

Deno.test("status page: says since when nobody answers, and keeps what it shows", async () => {
  const web = serveStatus(busySample());
  await using watched = await watchedPage(browser);
  const { page } = watched;
  await page.clock.install();
  await page.goto(web.url);
  await page.getByText(/^Live/).waitFor();
  await web[Symbol.asyncDispose]();
  await page.clock.runFor(5_000);
  await page.getByText(/^No answer since/).waitFor();
  assert.equal(await page.getByText("Mostly well").isVisible(), true);
});

Deno.test("status page: hostile names run nothing, at first and after a refresh", async () => {
  const evil = `"'><img src=x onerror="alert(1)"><script>alert(2)</script>`;
  await using web = serveStatus(poisoned(busySample(), evil));
  await using watched = await watchedPage(browser);
  const { page, requests, complaints } = watched;
  await page.clock.install();
  await page.goto(web.url);
  await page.getByText(/^Live/).waitFor();
  web.show(poisoned(withNewerRun(busySample()), `${evil}<svg onload=alert(3)>`));
  await page.clock.runFor(5_000);
  await page.locator(".runs details").nth(4).waitFor();
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.deepEqual(complaints, []);
  assert.deepEqual(requests.filter((url) => !/\/(page\.css|page\.js|icon\.svg)?$/.test(url)), []);
});

Deno.test("status page: is whole without JavaScript", async () => {
  await using web = serveStatus(busySample());
  await using watched = await watchedPage(browser, { javaScriptEnabled: false });
  const { page, requests } = watched;
  await page.goto(web.url, { waitUntil: "networkidle" });
  assert.equal(await page.getByText("Mostly well").isVisible(), true);
  await page.locator(".runs summary").first().click();
  await page.getByText("To cure it, allow").first().waitFor();
  assert.equal(await page.locator("#pause").isVisible(), false);
  assert.deepEqual(requests.filter((url) => url === web.url).length, 1);
});

Deno.test("status page: a width of 360 pixels scrolls down only, whatever the names are", async () => {
  const long = "x".repeat(300);
  for (const sample of [busySample(), lonelySample(), poisoned(busySample(), long)]) {
    await using web = serveStatus(sample);
    await using watched = await watchedPage(browser, { viewport: { width: 360, height: 740 } });
    const { page } = watched;
    await page.goto(web.url, { waitUntil: "networkidle" });
    for (const row of await page.locator("summary").all()) await row.click();
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.equal(width, 360);
  }
});

Deno.test("status page: text has enough contrast, light and dark", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    await using web = serveStatus(busySample());
    await using watched = await watchedPage(browser, { colorScheme });
    const { page } = watched;
    await page.goto(web.url, { waitUntil: "networkidle" });
    for (const row of await page.locator("summary").all()) await row.click();
    assert.deepEqual(await page.evaluate<readonly string[]>(POOR_CONTRAST), [], colorScheme);
  }
});

Deno.test("status page: a token in the address is exchanged and gone; without one there is a form", async () => {
  const token = "a token & more";
  await using web = serveStatus(busySample(), { token });
  await using watched = await watchedPage(browser);
  const { page, complaints } = watched;
  await page.goto(web.url);
  await page.getByLabel("Token").fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("That is not the token").waitFor();
  await page.getByLabel("Token").fill(token);
  await page.keyboard.press("Enter");
  await page.getByText("Mostly well").waitFor();
  assert.equal(page.url(), web.url);
  assert.equal(await page.evaluate<string>("document.cookie"), "");
  const [cookie] = await page.context().cookies();
  assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, "Strict"]);
  await page.reload({ waitUntil: "networkidle" });
  await page.getByText(/^Live/).waitFor();
  const unexpected = complaints.filter((each) => !each.includes("401 (Unauthorized)"));
  assert.deepEqual(unexpected, []);
});

Deno.test("status page: works below a path as it does at /", async () => {
  await using web = serveStatus(busySample(), { path: "/tools/ck" });
  await using watched = await watchedPage(browser);
  const { page, requests, complaints } = watched;
  await page.goto(`${web.url}tools/ck`, { waitUntil: "networkidle" });
  assert.equal(page.url(), `${web.url}tools/ck/`);
  await page.getByText(/^Live/).waitFor();
  assert.deepEqual(requests.filter((url) => !url.startsWith(`${web.url}tools/ck`)), []);
  assert.deepEqual(complaints, []);
});

/** All is well since a moment ago; the runs of before are still there. */
function withNewerRun(sample: StatusSnapshot): StatusSnapshot {
  const [whole] = quietSample().runs;
  assert.ok(whole !== undefined);
  const run = { ...whole, id: "newest" };
  return { ...sample, running: [], runs: [run, ...sample.runs] };
}

/** Texts whose contrast with what is behind them is below 4.5 to 1. */
const POOR_CONTRAST = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color[3] !== 0) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === "" || !element.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) poor.push(walker.currentNode.data.trim() + " " + contrast.toFixed(2));
  }
  return poor;
})()`;
