import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { graderIdentity } from "../../grader/runner/identity.ts";
import { hashOfTexts } from "../../grader/runner/source.ts";
import {
  hintsShown,
  progressFileIn,
  readVerdicts,
  rememberHints,
} from "../../grader/runner/workspace/progress-file.ts";
import { progressIn } from "../../grader/runner/workspace/tree.ts";
import { answerForFolder } from "../../page/folder/answers.ts";
import type { FolderEvent } from "../../page/folder/messages.ts";
import { serve } from "../../page/serve.ts";
import { stepOf, withFolder } from "../trees.ts";

const step = stepOf("dcounts");

interface Served {
  folder: string;
  progress: string;
  /** @returns the status and the text of an answer */
  ask(name: string, options?: Asking): Promise<[number, string]>;
  /** Reads the next event, for as long as `use` runs. */
  follow(use: (next: () => Promise<FolderEvent>) => Promise<void>): Promise<void>;
}

interface Asking {
  method?: string;
  token?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

async function withServer(use: (served: Served) => Promise<void>): Promise<void> {
  await withFolder({ [step.file]: "first\n", "site/index.html": "page" }, async (folder) => {
    const progress = progressFileIn(folder);
    const answers = await answerForFolder(folder, progress);
    const { url, server } = await serve(path.join(folder, "site"), 0, answers.answer);
    // not fetch, which sets Host and Origin itself
    const open = (name: string, { method = "GET", token = answers.token, headers = {}, body }: Asking = {}) =>
      new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
        const asked = request(`${url}${name}?token=${token}`, { method, headers }, resolve);
        asked.on("error", reject);
        asked.end(body === undefined ? undefined : JSON.stringify(body));
      });
    try {
      await use({
        folder,
        progress,
        async ask(name, options) {
          const response = await open(name, options);
          let text = "";
          if (response.headers["content-type"] === "text/event-stream") response.destroy();
          else for await (const chunk of response) text += String(chunk);
          return [response.statusCode!, text];
        },
        async follow(read) {
          const response = await open("folder/events");
          const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
          let left = "";
          await read(async () => {
            for (;;) {
              const [, event, rest] = /^(?::\n\n)*data: (.*)\n\n([^]*)$/.exec(left) ?? [];
              if (event !== undefined) {
                left = rest!;
                return JSON.parse(event) as FolderEvent;
              }
              left += String((await chunks.next()).value);
            }
          });
          response.destroy();
        },
      });
    } finally {
      await answers.close();
      server.close();
      server.closeAllConnections();
    }
  });
}

const write = (file: string, text: string, base: string | null): Asking => ({
  method: "POST",
  body: { file, text, base },
});

describe("the server of npm run page", () => {
  it("answers its own page", () =>
    withServer(async ({ ask }) => {
      expect((await ask("folder/events"))[0]).toBe(200);
      expect(await ask("")).toEqual([200, "page"]);
    }));

  it("refuses another token, another site's page and another name of this machine", () =>
    withServer(async ({ folder, ask }) => {
      const writing = write(step.file, "evil\n", "first\n");
      const askings: Asking[] = [
        { token: "" },
        { token: "x".repeat(24) },
        { headers: { origin: "https://evil.example" } },
        { headers: { origin: "null" } },
        { headers: { origin: "http://127.0.0.1:1" } },
        { headers: { "sec-fetch-site": "cross-site" } },
        { headers: { "sec-fetch-site": "same-site" } },
        { headers: { host: "evil.example" } },
        { headers: { host: "127.0.0.1:1" } },
      ];
      for (const one of askings) {
        expect(await ask("folder/events", one), JSON.stringify(one)).toEqual([403, ""]);
        expect(await ask("folder/file", { ...writing, ...one })).toEqual([403, ""]);
      }
      expect(await ask("", { headers: { host: "evil.example" } })).toEqual([403, ""]);
      expect(readFileSync(path.join(folder, step.file), "utf8")).toBe("first\n");
    }));

  it("writes the files of the course, and no others", () =>
    withServer(async ({ folder, ask }) => {
      expect(await ask("folder/file", write(step.file, "mine\n", "first\n"))).toEqual([200, '{"written":true}']);
      expect(readFileSync(path.join(folder, step.file), "utf8")).toBe("mine\n");
      for (const file of ["1-step-by-step/other.ts", "../x.ts", "/etc/x", "1-step-by-step/README.md", ""]) {
        expect((await ask("folder/file", write(file, "x", null)))[1], file).toContain("refused");
      }
      for (const body of ["x", null, [], { file: step.file }, { file: step.file, text: 1, base: null }]) {
        expect((await ask("folder/file", { method: "POST", body }))[0]).toBe(400);
      }
      expect((await ask("folder/file", { method: "GET" }))[0]).toBe(405);
    }));

  it("writes over no text that the page has not seen, and keeps the ends of lines", () =>
    withServer(async ({ folder, ask }) => {
      const file = path.join(folder, step.file);
      writeFileSync(file, "theirs\r\n");
      const [, answer] = await ask("folder/file", write(step.file, "mine\n", "first\n"));
      expect(JSON.parse(answer)).toMatchObject({ there: { text: "theirs\n" } });
      expect(readFileSync(file, "utf8")).toBe("theirs\r\n");
      await ask("folder/file", write(step.file, "mine\n", "theirs\n"));
      expect(readFileSync(file, "utf8")).toBe("mine\r\n");
    }));

  it("follows no link out of the folder", () =>
    withServer(async ({ folder, ask }) => {
      const other = stepOf("dhprebn");
      const outside = path.join(folder, "outside");
      mkdirSync(outside);
      symlinkSync(outside, path.join(folder, path.dirname(stepOf("train").file)), "junction");
      writeFileSync(path.join(outside, "secret.ts"), "secret");
      expect((await ask("folder/file", write(stepOf("train").file, "x", null)))[1]).toContain("refused");
      if (process.platform === "win32") return;
      rmSync(path.join(folder, step.file));
      symlinkSync(path.join(outside, "secret.ts"), path.join(folder, step.file));
      expect((await ask("folder/file", write(step.file, "x", null)))[1]).toContain("refused");
      expect(readFileSync(path.join(outside, "secret.ts"), "utf8")).toBe("secret");
      expect(existsSync(path.join(folder, other.file))).toBe(false);
    }));

  it("tells the page all files, then each one that another program saves", () =>
    withServer(async ({ folder, follow }) => {
      await follow(async (next) => {
        const first = await next();
        expect(Object.keys(first.files)).toHaveLength(steps.length);
        expect(first.files[step.file]).toMatchObject({ text: "first\n" });
        writeFileSync(path.join(folder, step.file), "second\n");
        let told = await next();
        // what is remembered may be told in between, without files
        while (Object.keys(told.files).length === 0) told = await next();
        expect(told.files).toMatchObject({ [step.file]: { text: "second\n" } });
      });
    }));

  it("shares what is remembered with the commands, whatever the ends of lines", () =>
    withServer(async ({ folder, progress, ask, follow }) => {
      writeFileSync(path.join(folder, step.file), "answer\r\n");
      const source = { files: [step.file], texts: hashOfTexts([step.file], () => "answer\n") };
      const results = [{ id: step.id, verdict: "exact", source }];
      await follow(async (next) => {
        await next();
        expect((await ask("folder/remember", { method: "POST", body: { results } }))[0]).toBe(200);
        // the file that was written is told as well, before or after
        while ((await next()).steps[step.id]!.state !== "passed");
        const { state } = progressIn(folder, readVerdicts(progress)).find((one) => one.step === step)!;
        expect(state).toBe("passed");
        expect(readVerdicts(progress).get(step.id)?.grader).toBe(graderIdentity);
        // a command shows a hint
        rememberHints(step.id, 2, progress);
        let hints = 0;
        while (hints === 0) hints = (await next()).steps[step.id]!.hints;
        expect(hints).toBe(2);
      });
      await ask("folder/remember", { method: "POST", body: { id: step.id, hints: 1 } });
      expect(hintsShown(step.id, progress)).toBe(2);
      for (const body of [{ results: [{ id: "x" }] }, { id: "x", hints: 1 }, { id: step.id, hints: -1 }, {}]) {
        expect((await ask("folder/remember", { method: "POST", body }))[0], JSON.stringify(body)).toBe(400);
      }
    }));
});
