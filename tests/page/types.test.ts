import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { limits } from "../../grader/runner/limits.ts";
import { typeNotes } from "../../grader/runner/typecheck.ts";
import { stubOf } from "../../grader/runner/workspace/stubs.ts";
import { typeScript } from "../../page/build/types.ts";
import { serve, type Served } from "../../page/serve.ts";
import type { FileNotes, FromChecker, ToChecker } from "../../page/types/protocol.ts";
import { fileWith, told } from "../grading/idioms-told.ts";
import { stepOf, withFolder } from "../trees.ts";
import { hasBrowser } from "./browsers.ts";
import { builtSite, closeBrowser, closeServer, withLearner } from "./open-page.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** The page's worker that checks types, as the build makes it, in a context that has nothing but messages. */
function startWorker(): (message: ToChecker) => FromChecker {
  const { worker, library } = typeScript()!;
  const said: FromChecker[] = [];
  const scope: { onmessage?: (event: { data: ToChecker }) => void } & Record<string, unknown> = {
    postMessage: (message: FromChecker) => said.push(message),
  };
  runInNewContext(worker, scope);
  const ask = (data: ToChecker): FromChecker => {
    scope.onmessage!({ data });
    return JSON.parse(JSON.stringify(said.pop())) as FromChecker;
  };
  expect(ask({ library: JSON.parse(library) as never })).toEqual({ ready: true });
  return ask;
}

/** A tree with each text in a file of its own. */
function treeOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text, i) => [`1-step-by-step/${i}.ts`, text]));
}

/** A file with types, as in the stubs. */
function typed(body: string, above = ""): string {
  return `import { lossOf, todo, type Batch, type Given, type Parameters, type TrainStepResult } from "#course";
import { crossEntropy, keepdim, tensor, type Tensor } from "#tensor";
${above}
export function dprobs({ probs, dlogprobs }: Given<"dprobs">): Tensor {
  ${body}
}
`;
}

/** Each step's stub, in which its own names and those of all tensors are used wrongly. */
const stubs = steps.map((step) => {
  const wrong = `const o: string = arguments[0];\n  return given.nothing.foo;`;
  const text = stubOf(step);
  const named = /\(\{ (\w+)[^}]*\}: Given<"[^"]+">\)/.exec(text);
  return text.replace(/throw todo\("[^"]+"\);/, () => (named ? `return ${named[1]}x.sum(${named[1]}.foo, 1);` : wrong));
});

const bodies = [
  "return probs.foo;",
  "return probs.mull(dlogprobs);",
  "return prob.mul(dlogprobs);",
  'return probs.mul("2");',
  "return probs.mul();",
  "return probs.sum(1, keepdim, 2);",
  "return probs.max(1);",
  "return probs.max(1).values.T.foo(1);",
  "return [probs];",
  "return { x: probs };",
  "return 1;",
  "const n: string = probs.size(0); return probs;",
  "if (probs.size(0) > 1) return probs;",
  "const a = probs * 2; return a;",
  "const a = probs[0]; return probs;",
  "probs = dlogprobs; return probs;",
  "process.exit(0);",
  "document.title = 'x'; return probs.div(window);",
  "return fetch('x').then((x) => x);",
  "return lossOf(2).mul(lossOf(probs));",
  "return crossEntropy(probs);",
  "return tensor([[1, 'a']]);",
  "console.log(probs); console.trace(probs); return probs;",
  "/* \u00e4\u{1f600} */ return probs.\u00e4;",
  "return probs.each((x) => x.mul(2)).each((x: string) => 1);",
  "const f = (x) => x; return f(probs);",
  "return await probs;",
  "for (const row of probs) row; return probs;",
  "return [1, 2].findLast((x) => x.foo) ?? [3].toSorted().at(0).bar ?? [1].group();",
  "return probs.shape.push(1);",
  "const t: TrainStepResult = { loss: probs }; const p: Parameters = {}; const b: Batch = { Xb: probs }; return t;",
  "return new Tensor(probs);",
  "return probs satisfies number as unknown as string;",
];
const whole = [
  typed("return probs;", 'import { dcounts } from "./nowhere.ts";'),
  typed("return probs;", 'import numpy from "numpy";\nimport { nothing } from "#tensor";\nimport x from "#other";'),
  typed("return probs.foo;", "// @ts-nocheck"),
  typed("// @ts-expect-error\n  return probs;"),
  typed("return probs;", 'enum A { x }\nconst a: A = "x";\nnamespace N { export const y: number = "y"; }'),
  "const a: number = 'a';\n",
  "export const dprobs = ({ probs }: Given<'dprobs'>) => probs;\n",
  'import { other } from "./0.ts";\nexport const dprobs = other;\nexport const b: string = 2;\n',
];

describe("the page's type checker says what the command line's does", () => {
  let ask: (message: ToChecker) => FromChecker;
  beforeAll(() => {
    // native, but on a machine that is busy
    Object.assign(limits, { typesMs: 60_000 });
    ask = startWorker();
  });

  const notesOfPage = (texts: Record<string, string>): FileNotes => {
    const answer = ask({ check: 1, files: Object.keys(texts), texts });
    if (!("notes" in answer)) throw new Error(JSON.stringify(answer));
    return answer.found;
  };
  const compare = (texts: Record<string, string>): Promise<FileNotes> =>
    withFolder(texts, async (root) => {
      const files = Object.keys(texts).map((file) => ({ file, texts: texts[file]! }));
      const found = Object.fromEntries(await typeNotes(root, files));
      const named = JSON.parse(JSON.stringify(found).replaceAll(root, "/exercises")) as FileNotes;
      expect(notesOfPage(texts)).toEqual(named);
      return named;
    });

  it("of every step, with a wrong name and a wrong operation", async () => {
    const notes = await compare(Object.fromEntries(steps.map(({ file }, i) => [file, stubs[i]!])));
    for (const { file } of steps) expect(notes[file]!.length, file).toBeGreaterThan(0);
    expect(notes[stepOf("dprobs").file]![0]!.text).toBe("TS2552: Cannot find name 'probsx'. Did you mean 'probs'?");
  });

  it("of wrong types, names, modules and what else a file can contain", async () => {
    const notes = await compare(treeOf([...bodies.map((body) => typed(body)), ...whole]));
    expect(Object.values(notes).filter((found) => found.length > 0).length).toBeGreaterThan(30);
  });

  it("of the idioms of PyTorch, NumPy and Python", async () => {
    // TypeScript 7 says of max's result, where 6 says of the argument, that it is no tensor
    const alike = told.filter(([code]) => !code.includes("oneHot(counts.max(1), 3)"));
    const texts = treeOf(alike.map(([code]) => fileWith(code)));
    const files = Object.keys(texts);
    // what cannot be parsed hides what else is wrong in the same tree
    const all = notesOfPage(texts);
    const broken = files.filter((file) => all[file]!.length > 0);
    expect(broken.length).toBeGreaterThan(10);
    for (const some of [broken, files.filter((file) => !broken.includes(file))]) {
      await compare(Object.fromEntries(some.map((file) => [file, texts[file]!])));
    }
  });
});

describe.runIf(hasBrowser("chromium"))("type notes in the page", () => {
  const step = stepOf("dprobs");
  const wrong = stubOf(step).replace('throw todo("dprobs");', "return probs.foo;");
  const note = "line 18: TS2339: Property 'foo' does not exist on type 'Tensor'.";
  let site: Served;
  let hasTypes = false;
  beforeAll(async () => {
    site = await serve(builtSite(), 0, ({ url }, response) => {
      if (hasTypes || !url!.startsWith("/types-")) return false;
      response.writeHead(404).end();
      return true;
    });
  });
  afterAll(async () => {
    await closeBrowser();
    closeServer(site);
  });

  it("are at their places, in a list and in the result; they stay away if they cannot be loaded, and work offline", () =>
    withLearner(async (context) => {
      const page = await context.newPage();
      await page.goto(`${site.url}#/step/dprobs`);
      await page.waitForSelector(".cm-content");
      await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
      await page.getByLabel("type notes").check();
      await page.getByText("The type checker cannot be loaded.").waitFor();
      hasTypes = true;
      await page.getByLabel("type notes").uncheck();
      await page.getByLabel("type notes").check();
      await page.focus(".cm-content");
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText(wrong);
      const mark = page.locator(".cm-line .cm-lintRange-warning");
      await mark.waitFor();
      expect(await mark.innerText()).toBe("foo");
      await page.getByLabel("plain text").check();
      expect(await page.locator(".types li").allInnerTexts()).toEqual([note]);

      // a result has those that it does not explain itself, as on the command line
      await page.locator(".editor textarea").fill(wrong.replace("return", "const n: string = 1;\n  return"));
      await page.getByRole("button", { name: "Grade", exact: true }).click();
      await expect
        .poll(() => page.locator(".verdict .result:not(.old) .notes li").allInnerTexts())
        .toEqual(["line 18: TS2322: Type 'number' is not assignable to type 'string'."]);
      expect(await page.locator(".types li").count()).toBe(0);

      closeServer(site);
      await page.reload();
      await page.locator(".editor textarea").fill(wrong.replace("foo", "mull(2)"));
      await page.locator(".types li").waitFor();
      expect(await page.locator(".types li").innerText()).toContain("Did you mean 'mul'?");

      await page.goto(`${site.url}#/scratch`);
      const scratch = 'import { dprobs } from "../exercises/1-step-by-step/02-dprobs.ts";\nconst n: number = dprobs;\n';
      await page.locator(".scratch textarea").fill(scratch);
      await page.getByText("line 2: TS2322: Type '({ probs, logprobs").waitFor();
      await page.goto(`${site.url}#/step/dprobs`);
      await page.getByLabel("type notes").uncheck();
      expect(await page.locator(".types").count()).toBe(0);
    }));
});
