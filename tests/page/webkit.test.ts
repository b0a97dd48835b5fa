import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { serve } from "../../page/serve.ts";
import { stepOf } from "../trees.ts";
import { attempts, needed } from "./attempts.ts";
import { hasBrowser, withWebKit } from "./browsers.ts";
import { builtSite } from "./built-site.ts";
import { closeServer } from "./open-page.ts";
import type { Driven } from "./webdriver.ts";

const LONGEST_MS = 300_000;

/** The page as a learner with Safari's engine uses it; equal.test.ts has the verdicts, all of them. */
describe.runIf(hasBrowser("webkit"))("the page in WebKit", () => {
  const [dx, train] = ["dx", "train"].map((id) => readFileSync(path.join(solutionsFolder, stepOf(id).file), "utf8"));

  /** Waits until an expression is true; what it is then. */
  const until = <R>(tab: Driven, expression: string): Promise<R> =>
    tab.run<R>(`for (;;) {
      const found = ${expression};
      if (found) return found;
      await new Promise((later) => setTimeout(later, 30));
    }`);
  /** Types over the whole text, as the keyboard of a phone does. */
  const write = async (tab: Driven, text: string): Promise<void> => {
    await until(tab, `document.querySelector(".cm-content")`);
    await tab.run(
      `document.querySelector(".cm-content").focus();
      document.execCommand("selectAll");
      document.execCommand("insertText", false, given[0]);`,
      text,
    );
  };
  const press = (tab: Driven, name: string, part = "main"): Promise<void> =>
    until(
      tab,
      `[...document.querySelectorAll("${part} button")].find((b) => b.innerText.trim() === "${name}" && b.offsetParent)`,
    ).then(() =>
      tab.run(
        `[...document.querySelectorAll("${part} button")].find((b) => b.innerText.trim() === given[0] && b.offsetParent).click();`,
        name,
      ),
    );
  const graded = async (tab: Driven, text: string): Promise<string> => {
    await write(tab, text);
    await press(tab, "Grade");
    return until(tab, `document.querySelector(".result:not(.old)") && document.querySelector(".verdict").innerText`);
  };

  it(
    "grades what is typed, keeps it, draws formulas and ladders, trains, and works without a network",
    async () => {
      const site = await serve(builtSite());
      await withWebKit(async (tab) => {
        await tab.goTo(`${site.url}#/step/dx`);
        await until(tab, `document.querySelector(".lesson mfrac")`);
        expect(await tab.run("await document.fonts.ready; return document.fonts.check('16px \"STIX Two Math\"')")).toBe(
          true,
        );
        const answer = "y.mul(du).add(dv)";
        expect(await graded(tab, dx!.replace(answer, "y.mul(du)"))).toContain("only the branch through u is there");
        expect(await graded(tab, dx!.replace(answer, "y.mull(du)"))).toContain("line 20, column 12");
        expect(await tab.run("return document.querySelectorAll('.cm-lintRange-error').length")).toBe(1);
        expect(await graded(tab, dx!.replace(`return ${answer}`, "while (true)"))).toContain("line 20, column 3");
        const endless = "const f = (n: number): any => f(n + 1);\n  return f(1)";
        expect(await graded(tab, dx!.replace(`return ${answer}`, endless))).toContain("Maximum call stack");
        expect(await graded(tab, dx!)).toContain("Passed: exact");

        await tab.goTo(`${site.url}#/ladder/dx`);
        await tab.click(".rung.is-open .grid");
        await until(tab, `document.querySelector(".dock")?.innerText.includes("is the sum of its 2 terms")`);

        await tab.goTo(`${site.url}#/step/train`);
        await write(tab, train!);
        await press(tab, "Train", ".tools");
        await press(tab, "Train", ".tool");
        await until(tab, `document.querySelector(".plot")`);
        await press(tab, "Pause");
        await until(tab, `document.querySelector(".training")?.innerText.includes("also at another visit")`);

        expect(await tab.run("return (await navigator.serviceWorker.ready).active !== null")).toBe(true);
        await until(tab, "navigator.serviceWorker.controller");
        closeServer(site);
        await tab.goTo("about:blank");
        await tab.goTo(`${site.url}#/step/train`);
        await press(tab, "Train", ".tools");
        await until(tab, `document.querySelector(".training")?.innerText.includes("Paused after")`);
        await tab.run("location.hash = '#/step/dx';");
        expect(await graded(tab, `${dx!}\n`)).toContain("Passed: exact");
      }).finally(() => closeServer(site));
    },
    LONGEST_MS,
  );

  it(
    "lets learner code reach what it needs, and nothing else",
    async () => {
      const asked: string[] = [];
      const other = await serve(builtSite(), 0, ({ url }) => asked.push(`another origin: ${url}`) < 0);
      const site = await serve(builtSite("tests/page/in-page.ts"), 0, ({ url }) => asked.push(String(url)) < 0);
      await withWebKit(async (tab) => {
        await tab.goTo(`${site.url}#frame`);
        await until(tab, "window.tried");
        const names = `const SITE = "${site.url}", OTHER = "${other.url}";`;
        const tried = (body: string): Promise<string> => tab.run(`return tried(given[0], true);`, names + body);
        await tab.run("await caches.open('the site has one');");
        asked.length = 0;
        for (const [what, body] of attempts) {
          // an origin of its own has caches of its own here, until the library takes them away
          if (what === "Cache Storage") expect(await tried("return (await caches.keys()).length;")).toBe("0");
          else expect(await tried(body), what).not.toContain("reached");
        }
        expect(asked).toEqual([]);
        expect(await tab.run("return window.heard")).toEqual([]);
        for (const [what, body] of needed) expect(await tried(body), what).toBe("reached");
      }).finally(() => [site, other].forEach(closeServer));
    },
    LONGEST_MS,
  );
});
