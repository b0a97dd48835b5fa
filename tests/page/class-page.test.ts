import { pathToFileURL } from "node:url";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { madeClass } from "../class/made-records.ts";
import { merged, withClasses } from "../class/merged.ts";
import { barriers, pageWidth } from "./barriers.ts";
import { hasBrowser } from "./browsers.ts";
import { closeBrowser, withTab } from "./open-page.ts";

/** The page that `class merge` writes: as wide as a screen, as narrow as a phone, light, dark, and printed. */
describe.runIf(hasBrowser("chromium"))("the page of a class", () => {
  afterAll(closeBrowser);

  /** Writes the page of a made-up class, and opens it in a tab. */
  const withPage = (size: number, use: (page: Page, href: string) => Promise<void>): Promise<void> =>
    withClasses({ results: madeClass(size), old: madeClass(size, { seed: 8 }) }, async (folder) => {
      await merged(["results", "--before", "old", "--format", "html", "--output", "class.html"], folder);
      await withTab((page) => use(page, pathToFileURL(path.join(folder, "class.html")).href));
    });

  it("has no barrier that axe finds, light and dark, asks for nothing, and is whole on paper", () =>
    withPage(7, async (page, href) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(href);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await barriers(page), colorScheme).toBe("");
      }
      expect(asked).toEqual([href]);
      await page.emulateMedia({ media: "print" });
      const ground = page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
      expect(await ground).toBe("rgb(255, 255, 255)");
      // what is folded on a screen
      expect(await page.locator("details .example").first().isVisible()).toBe(true);
    }));

  it.each([40, 130])("of %i scrolls in one direction only, on a screen, a phone, and as narrow as 320 pixels", (size) =>
    withPage(size, async (page, href) => {
      await page.goto(href);
      for (const width of [1400, 360, 320]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await pageWidth(page)).toBeLessThanOrEqual(width);
      }
    }),
  );
});
