import axe from "axe-core";
import type { Page } from "playwright-core";

declare global {
  interface Window {
    axe?: typeof axe;
  }
}

/**
 * The barriers that axe finds, one per line; "" if there are none. axe is put into each document once, because that and a
 * second page for its results take five times as long as looking.
 *
 * @param part a selector of what is looked at
 */
export async function barriers(page: Page, part = "html"): Promise<string> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(async (part) => {
    // what is tapped must be large enough for that (WCAG 2.2), which axe does not look at by itself
    const rules = { "target-size": { enabled: true } };
    const { violations } = await window.axe!.run(part, { resultTypes: ["violations"], rules });
    return violations
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`)
      .join("\n");
  }, part);
}

/** How wide the whole page is, in pixels; more than the tab's width if it scrolls sideways. */
export async function pageWidth(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}

/** How high the whole page is, in pixels. */
export async function pageHeight(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollHeight);
}
