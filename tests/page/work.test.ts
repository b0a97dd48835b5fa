import { cpSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { progressFileIn, readVerdicts } from "../../grader/runner/workspace/progress-file.ts";
import { stubOf } from "../../grader/runner/workspace/stubs.ts";
import { answerForFolder } from "../../page/folder/answers.ts";
import { serve } from "../../page/serve.ts";
import { linkOf } from "../../page/store/link.ts";
import { dojo } from "../copies.ts";
import { stepOf, withFolder } from "../trees.ts";
import { barriers, pageWidth } from "./barriers.ts";
import { hasBrowser } from "./browsers.ts";
import {
  builtSite,
  closeBrowser,
  closeServer,
  editorText,
  gradeOpen,
  keptText,
  openTab,
  siteAddress,
  withLearner,
  writeText,
} from "./open-page.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const ID = "dcounts_sum";
const step = stepOf(ID);
const stub = stubOf(step);
const solution = readFileSync(path.join(solutionsFolder, step.file), "utf8");
const stubs = Object.fromEntries(steps.map((one) => [one.file, stubOf(one)]));

describe.runIf(hasBrowser("chromium"))("a learner's work in the page", () => {
  let site: string;
  beforeAll(async () => {
    site = await siteAddress();
  });
  afterAll(closeBrowser);
  const address = (id = ID): string => `${site}#/step/${id}`;

  it("is there again after a reload, and in another tab, and a reset keeps it as a version", () =>
    withLearner(async (context) => {
      const [one, other] = [await openTab(context, address()), await openTab(context, address())];
      await writeText(one, `${stub}// mine`);
      await expect.poll(() => editorText(other)).toBe(`${stub}// mine`);
      await one.reload();
      await expect.poll(() => editorText(one)).toBe(`${stub}// mine`);
      // a tab behind another draws once per second, and a click waits for two drawings
      await one.bringToFront();
      await one.getByText("Versions", { exact: true }).click();
      await one.getByRole("button", { name: "Reset to the beginning" }).click();
      await expect.poll(() => editorText(other)).toBe(stub);
      await one.getByRole("button", { name: "Bring back" }).click();
      await expect.poll(() => editorText(one)).toBe(`${stub}// mine`);
    }));

  it("is not touched by a link, whose code is graded and kept only when that is asked for", () =>
    withLearner(async (context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      const sender = await openTab(context, address());
      await writeText(sender, solution);
      await sender.getByText("Versions", { exact: true }).click();
      await sender.getByRole("button", { name: "Link to this code" }).click();
      const link = await sender.locator(".link-text").inputValue();
      await withLearner(async (reader) => {
        const page = await openTab(reader, address());
        await writeText(page, `${stub}// mine`);
        await expect.poll(() => keptText(page, step.file)).toBe(`${stub}// mine`);
        await page.close();
        const opened = await openTab(reader, link);
        await opened.locator(".shared textarea").waitFor();
        expect(opened.url()).toBe(address());
        expect(await opened.locator(".shared textarea").inputValue()).toBe(solution);
        expect(await editorText(opened)).toBe(`${stub}// mine`);
        await opened.getByRole("button", { name: "Grade it" }).click();
        await opened.locator(".shared .result.passed").waitFor({ timeout: 20_000 });
        expect(await opened.locator(".shared").innerText()).not.toContain("Next:");
        const kept = await opened.evaluate(() => JSON.stringify(localStorage));
        expect(kept).not.toContain("result/");
        expect(await editorText(opened)).toBe(`${stub}// mine`);
        await opened.getByRole("button", { name: "Keep it" }).click();
        await expect.poll(() => editorText(opened)).toBe(solution);
        await opened.getByRole("button", { name: "Bring back" }).click();
        await expect.poll(() => editorText(opened)).toBe(`${stub}// mine`);
        const short = await openTab(reader, link.slice(0, -20));
        await short.getByText("cut short").waitFor();
        expect(short.url()).toBe(`${site}#/`);
      });
    }));

  it("leaves as a zip that the command line grades, and comes back", () =>
    withLearner(async (context) => {
      const page = await openTab(context, address());
      await writeText(page, solution);
      await page.goto(`${site}#/work`);
      const downloading = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save a copy" }).click();
      const zip = await (await downloading).path();
      const files = Object.entries(unzipSync(readFileSync(zip))).map(([name, bytes]): [string, string] => [
        name,
        Buffer.from(bytes).toString(),
      ]);
      await withFolder(Object.fromEntries(files), async (folder) => {
        const run = await dojo(["grade", ID, "--json", "--from", path.join(folder, "exercises")]);
        expect(JSON.parse(run.stdout)).toMatchObject({ steps: [{ id: ID, passed: true }] });
      });
      await withLearner(async (other) => {
        const there = await openTab(other, `${site}#/work`);
        const noZip = { name: "copy.zip", mimeType: "application/zip", buffer: Buffer.from("no zip") };
        await there.locator('input[accept*="zip"]').setInputFiles(noZip);
        await there.getByText("This file is no zip").waitFor();
        await there.locator('input[accept*="zip"]').setInputFiles(zip);
        await there.getByText("1 step brought in.").waitFor();
        await there.goto(address());
        await expect.poll(() => editorText(there)).toBe(solution);
      });
    }));

  it.each([
    [1400, "light"],
    [360, "dark"],
  ] as const)("is shown without barriers that axe finds, at %i pixels, %s", (width, colorScheme) =>
    withLearner(async (context) => {
      const page = await openTab(context, address());
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      if (width < 1000) await page.getByRole("button", { name: "Code", exact: true }).click();
      await writeText(page, `${stub}// mine`);
      await page.getByText("Versions", { exact: true }).click();
      await page.getByRole("button", { name: "Reset to the beginning" }).click();
      await page.getByRole("button", { name: /^Compare/ }).click();
      await page.locator(".compared").waitFor();
      expect(await barriers(page, ".versions")).toBe("");
      await page.goto(`${site}${await linkOf(step, solution)}`);
      await page.getByRole("button", { name: "Compare with mine" }).click();
      await page.locator(".shared .compared").waitFor();
      expect(await barriers(page, ".shared")).toBe("");
      await page.goto(`${site}#/work`);
      await page.locator(".work h1").waitFor();
      expect(await barriers(page, ".work")).toBe("");
      expect(await pageWidth(page)).toBeLessThanOrEqual(width);
    }),
  );

  it("is graded without a network after the first visit", () =>
    withLearner(async (context) => {
      const served = await serve(builtSite());
      const page = await openTab(context, `${served.url}#/step/${ID}`);
      await writeText(page, solution);
      await expect
        .poll(() => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state), { timeout: 20_000 })
        .toBe("activated");
      closeServer(served);
      await page.reload();
      expect(await gradeOpen(page)).toContain("Passed");
    }));

  it("meets a new version only when it asks for it, and keeps for it what had been loaded when it was wanted", () =>
    withFolder({}, (folder) =>
      withLearner(async (context) => {
        cpSync(builtSite(), folder, { recursive: true });
        const served = await serve(folder);
        const change = (name: string, from: RegExp, to: string): void => {
          const file = path.join(folder, name);
          const text = readFileSync(file, "utf8");
          expect(text).toMatch(from);
          writeFileSync(file, text.replace(from, to));
        };
        try {
          const page = await openTab(context, `${served.url}#/step/${ID}`);
          await writeText(page, `${stub}// mine`);
          await page.evaluate(() => navigator.serviceWorker.ready);
          change("index.html", /<html lang="en">/, '<html lang="en" data-version="2">');
          change("offline.js", /(?<=["`])[0-9a-f]{10}(?=["`])/, "1234567890");
          await page.reload();
          await page.getByText("There is a new version").waitFor();
          expect(await page.locator("html").getAttribute("data-version")).toBeNull();
          const wanted = readdirSync(folder).find((name) => /^types-.*\.json$/.test(name))!;
          await page.evaluate(async (name) => (await fetch(name)).text(), wanted);
          await page.getByRole("button", { name: "Reload" }).click();
          await page.locator('html[data-version="2"]').waitFor({ state: "attached" });
          await expect.poll(() => editorText(page)).toBe(`${stub}// mine`);
          const isKept = await page.evaluate(async (name) => {
            const latest = (await caches.keys()).find((key) => key.endsWith("1234567890"));
            return (await (await caches.open(latest!)).match(name)) !== undefined;
          }, wanted);
          expect(isKept).toBe(true);
        } finally {
          closeServer(served);
        }
      }),
    ));

  it("is in a folder that the learner opens, where the browser can, and again at the next visit", () =>
    withLearner(async (context) => {
      // the page's own file system instead of a dialog, which nobody can answer here
      await context.addInitScript(() => {
        Object.assign(window, { showDirectoryPicker: () => navigator.storage.getDirectory() });
      });
      const page = await openTab(context, address());
      const put = ([file, text]: readonly [string, string]): Promise<void> =>
        page.evaluate(
          async ([file, text]) => {
            const [part, name] = file.split("/") as [string, string];
            const root = await (
              await navigator.storage.getDirectory()
            ).getDirectoryHandle("exercises", { create: true });
            const folder = await root.getDirectoryHandle(part, { create: true });
            const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
            await writable.write(text);
            await writable.close();
          },
          [file, text] as const,
        );
      const get = (file: string): Promise<string> =>
        page.evaluate(async (file) => {
          const [part, name] = file.split("/") as [string, string];
          const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("exercises");
          return (await (await (await root.getDirectoryHandle(part)).getFileHandle(name)).getFile()).text();
        }, file);
      await page.goto(`${site}#/work`);
      await page.getByRole("button", { name: "Open a folder" }).click();
      await page.getByText("has no file of the course").waitFor();
      await put([step.file, stub]);
      await page.goto(address());
      await writeText(page, `${stub}// mine`);
      await page.goto(`${site}#/work`);
      await page.getByRole("button", { name: "Open a folder" }).click();
      await page.getByText("This page works on the folder").waitFor();
      // a stub is no work
      await expect.poll(() => get(step.file)).toBe(`${stub}// mine`);
      await put([step.file, `${stub}// theirs`]);
      await page.reload();
      await page.goto(address());
      await expect.poll(() => editorText(page)).toBe(`${stub}// theirs`);
      await put([step.file, `${stub}// again`]);
      await expect.poll(() => editorText(page), { timeout: 5000 }).toBe(`${stub}// again`);
    }));

  it("is the folder's, if the page is served with one: saves are seen on both sides, and verdicts are remembered", () =>
    withFolder(stubs, (folder) =>
      withLearner(async (context) => {
        const progress = progressFileIn(folder);
        const answers = await answerForFolder(folder, progress);
        const served = await serve(builtSite(), 0, answers.answer);
        try {
          const page = await openTab(context, `${served.url}?token=${answers.token}#/step/${ID}`);
          expect(page.url()).not.toContain(answers.token);
          const file = path.join(folder, step.file);
          writeFileSync(file, `${stub}// from an editor`);
          await expect.poll(() => editorText(page)).toBe(`${stub}// from an editor`);
          await writeText(page, solution);
          await expect.poll(() => readFileSync(file, "utf8")).toBe(solution);
          expect(await gradeOpen(page)).toContain("Passed");
          await expect.poll(() => readVerdicts(progress).get(ID)?.passedOnce).toBe(true);
          writeFileSync(file, `${stub}// newer`);
          await expect.poll(() => editorText(page)).toBe(`${stub}// newer`);
          await page.getByText("Versions", { exact: true }).click();
          await page.getByRole("button", { name: "Bring back" }).click();
          await expect.poll(() => readFileSync(file, "utf8")).toBe(solution);
          // older than what the page has: that goes back, and this is a version
          writeFileSync(file, `${stub}// older`);
          utimesSync(file, 1, 1);
          await expect.poll(() => readFileSync(file, "utf8")).toBe(solution);
          await page.getByText("when the folder had another text").first().waitFor();
          expect(await editorText(page)).toBe(solution);
          const late = await openTab(context, `${served.url}?token=of-an-earlier-start#/step/${ID}`);
          await late.getByText("This address is that of an earlier npm run page").waitFor();
        } finally {
          await answers.close();
          closeServer(served);
        }
      }),
    ));
});
