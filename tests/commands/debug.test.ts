import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../grader/runner/project.ts";
import { withCopy } from "../copies.ts";
import { connect, type Debugger } from "../inspector.ts";
import { inPipes, type Running } from "../terminals.ts";
import { stepOf } from "../trees.ts";

const ANY_PORT = ["--port", "0"];
const BODY = [
  "const branch = counts_sum_inv.mul(dprobs);",
  "const other = onesLike(counts).mul(dcounts_sum);",
  "return branch.add(other);",
];

/** Writes a step's file with this body; returns its path, and the number of the body's first line, from 1. */
function write(root: string, id: string, body: readonly string[]): { file: string; first: number } {
  const file = path.join(root, "exercises", stepOf(id).file);
  const text = readFileSync(file, "utf8").replace(/throw todo.*/, body.join("\n  "));
  writeFileSync(file, text);
  return { file, first: text.split("\n").findIndex((line) => line.includes(body[0]!)) + 1 };
}

async function attached({ says }: Running): Promise<Debugger> {
  const found = await says(/ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/);
  const debug = await connect(found);
  await debug.send("Runtime.enable");
  await debug.send("Debugger.enable");
  return debug;
}

/** A script, and where its source's lines are in it. */
interface Script {
  url: string;
  scriptId: string;
  map: SourceMap;
  payload: SourceMapPayload;
}

/** The script that a source file became. */
async function scriptOf(debug: Debugger, file: string): Promise<Script> {
  const script = await debug.event("Debugger.scriptParsed", ({ url }) => String(url).includes(path.basename(file)));
  const [, base64] = /^data:application\/json;.*base64,(.*)$/.exec(String(script["sourceMapURL"])) ?? [];
  const payload = JSON.parse(Buffer.from(base64!, "base64").toString()) as SourceMapPayload;
  return { url: String(script["url"]), scriptId: String(script["scriptId"]), map: new SourceMap(payload), payload };
}

/** The position in a script at which a source line begins; both counted from 0. */
function generatedAt(map: SourceMap, text: string, line: number): { lineNumber: number; columnNumber: number } {
  for (const [lineNumber, generated] of text.split("\n").entries()) {
    for (let columnNumber = 0; columnNumber < generated.length; columnNumber++) {
      const entry = map.findEntry(lineNumber, columnNumber);
      if ("originalLine" in entry && entry.originalLine === line && entry.generatedColumn === columnNumber) {
        return { lineNumber, columnNumber };
      }
    }
  }
  throw new Error(`nothing was made of line ${line}`);
}

interface Paused {
  callFrames: {
    callFrameId: string;
    functionName: string;
    location: { scriptId: string; lineNumber: number; columnNumber: number };
  }[];
}

async function valueIn(debug: Debugger, { callFrames }: Paused, expression: string): Promise<unknown> {
  const { callFrameId } = callFrames[0]!;
  const answer = await debug.send("Debugger.evaluateOnCallFrame", { callFrameId, expression, returnByValue: true });
  return (answer["result"] as { value: unknown }).value;
}

describe("debug, driven by the inspector protocol", () => {
  it("stops at a breakpoint in a line of the learner's file, with its variables, and then prints the comparison", async () => {
    await withCopy(async (root) => {
      const { file, first } = write(root, "dcounts", BODY);
      await inPipes(root, ["debug", "dcounts", ...ANY_PORT], async (running) => {
        const debug = await attached(running);
        await running.says(
          /dcounts waits for a debugger at 127\.0\.0\.1:\d+ \(exercises\/1-step-by-step\/05-dcounts\.ts\)/,
        );
        await running.says("chrome://inspect");
        await debug.send("Runtime.runIfWaitingForDebugger");
        const { map, url, scriptId, payload } = await scriptOf(debug, file);
        expect(payload.sources.map((source) => path.basename(source))).toEqual(["05-dcounts.ts"]);

        // without any breakpoint, it stops before the call
        const before = (await debug.event("Debugger.paused")) as unknown as Paused;
        expect(before.callFrames[0]!.functionName).toBe("call");
        const { scriptSource } = await debug.send("Debugger.getScriptSource", { scriptId });
        const at = generatedAt(map, String(scriptSource), first); // the body's second line, counted from 0
        const { locations } = await debug.send("Debugger.setBreakpointByUrl", { url, ...at });
        expect(locations).toHaveLength(1);
        await debug.send("Debugger.resume");

        const stopped = (await debug.event("Debugger.paused")) as unknown as Paused;
        const [{ functionName, location }] = stopped.callFrames as [Paused["callFrames"][0]];
        expect(functionName).toBe("dcounts");
        const entry = map.findEntry(location.lineNumber, location.columnNumber);
        expect(entry).toMatchObject({ originalLine: first });
        expect(await valueIn(debug, stopped, "branch.shape")).toEqual([2, 3]);
        expect(await valueIn(debug, stopped, "String(counts_sum.shape)")).toBe("2,1");

        await debug.send("Debugger.resume");
        await running.says(/yours = tensor\(\[[^]*reference = tensor\(\[[^]*difference = tensor\(\[\[0\.0000/);
        await running.says("right, within rounding");
        debug.close();
        expect(await running.ended).toBe(0);
      });
    });
  });

  it("stops at a debugger; line, and compares a wrong answer", async () => {
    await withCopy(async (root) => {
      write(root, "dcounts", ["debugger;", "return counts_sum_inv.mul(dprobs);"]);
      await inPipes(root, ["debug", "5", ...ANY_PORT], async (running) => {
        const debug = await attached(running);
        await debug.send("Runtime.runIfWaitingForDebugger");
        await debug.event("Debugger.paused");
        await debug.send("Debugger.resume");
        const stopped = (await debug.event("Debugger.paused")) as unknown as Paused;
        expect(stopped.callFrames[0]!.functionName).toBe("dcounts");
        await debug.send("Debugger.resume");
        await running.says(/wrong: \d of 6 values differ; the largest at \[/);
        debug.close();
        expect(await running.ended).toBe(1);
      });
    });
  });

  it("does not wait if a debugger has started it, as VS Code does; says what the function throws", async () => {
    await withCopy(async (root) => {
      write(root, "dcounts", ["return counts.mul(tensor([1, 2]));"]);
      write(root, "train", ["return {} as never;"]);
      for (const [step, said] of [
        [
          "dcounts",
          /TensorError: mul: \[2, 3\] and \[2\] do not broadcast.*\n +at dcounts \(exercises\/.*05-dcounts\.ts:\d+:\d+\)/,
        ],
        ["train", /wrong: it returned a loss that is undefined/],
        ["da", /NotStarted: da is not started/],
      ] as const) {
        await inPipes(
          root,
          ["debug", step],
          async ({ says, ended, output }) => {
            await says(said);
            expect(await ended).toBe(1);
            expect(output()).not.toContain("waits for a debugger");
          },
          ["env", "NODE_OPTIONS=--inspect=0"],
        );
      }
    });
  });

  it("takes another port if this one is in use, and ends with Ctrl-C", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      await withCopy((root) =>
        inPipes(root, ["debug", "da", "--port", String(port)], async ({ says, signal, ended }) => {
          const address = await says(/waits for a debugger at 127\.0\.0\.1:\d+/);
          expect(address).not.toContain(`:${port}`);
          signal("SIGTERM");
          expect(await ended).not.toBe(0);
        }),
      );
    } finally {
      server.close();
    }
  });
});

describe("the configurations for VS Code", () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(projectRoot, file), "utf8"));
  const { configurations } = read(".vscode/launch.json") as { configurations: Record<string, unknown>[] };

  it("debug the step in the open file, and run the open scratch file", () => {
    const [step, scratch] = configurations as [Record<string, unknown>, Record<string, unknown>];
    expect(step["program"]).toBe("${workspaceFolder}/grader/start.cjs");
    expect(step["args"]).toEqual(["debug", "${file}"]);
    expect(scratch["program"]).toBe("${file}");
    expect(scratch["runtimeArgs"]).toEqual(["--import", "tsx"]);
  });

  it("skip the grader's own lines, such as the stop before the call, and no line of a learner's", () => {
    for (const { skipFiles } of configurations) {
      expect(skipFiles).toContain("${workspaceFolder}/grader/**");
      expect((skipFiles as string[]).join()).not.toMatch(/exercises|play/);
    }
  });
});
