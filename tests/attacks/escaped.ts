/**
 * Attacks by code that has already escaped from its context and has all of Node in the child process: what the box is
 * for. Each is the body of an async function with `require`, and `canary`: { file, folder, port, udp, socket, parent }; it
 * returns anything but undefined if it has done harm.
 */
export interface EscapedAttack {
  name: string;
  body: string;
  /** Whether Node's permission model alone is known to leave it open, by Node's major version. */
  openWithoutBubblewrap?: (major: number) => boolean;
}

const always = (): boolean => true;

export const escapedAttacks: readonly EscapedAttack[] = [
  { name: "read a file", body: `return require("fs").readFileSync(canary.file, "utf8");` },
  {
    name: "read a file with a Buffer as its path",
    body: `return require("fs").readFileSync(Buffer.from(canary.file), "utf8");`,
  },
  { name: "read a file with fs/promises", body: `return await require("fs/promises").readFile(canary.file, "utf8");` },
  {
    name: "read a file with a URL",
    body: `return require("fs").readFileSync(new URL("file://" + canary.file), "utf8");`,
  },
  {
    name: "read a file through a path with dots",
    body: `return require("fs").readFileSync(__dirname + "/../" + canary.file.slice(canary.file.lastIndexOf("/") + 1), "utf8");`,
  },
  { name: "read a file with import", body: `return JSON.stringify(await import(canary.file));` },
  {
    name: "read a file with createRequire",
    body: `return JSON.stringify(require("module").createRequire(canary.file)(canary.file));`,
  },
  {
    name: "read a file with process.binding",
    body: `return process.binding("fs").readFileUtf8?.(canary.file, 0) ?? process.binding("fs").internalModuleReadJSON?.(canary.file);`,
  },
  {
    name: "read a file through a link that it makes",
    body: `require("fs").symlinkSync(canary.file, __dirname + "/link"); return require("fs").readFileSync(__dirname + "/link", "utf8");`,
  },
  {
    name: "read a file through /proc/self/root",
    body: `return require("fs").readFileSync("/proc/self/root" + canary.file, "utf8");`,
  },
  {
    name: "read a file with sqlite",
    body: `const { DatabaseSync } = require("node:sqlite"); const db = new DatabaseSync(":memory:"); db.exec("attach '" + canary.file + "' as c"); return "attached";`,
  },
  { name: "list a folder", body: `return require("fs").readdirSync(canary.folder).join();` },
  { name: "watch a file", body: `return String(require("fs").watch(canary.file));` },
  {
    name: "read the grader's environment",
    body: `return require("fs").readFileSync("/proc/" + process.ppid + "/environ", "utf8");`,
  },
  {
    name: "read the grader's memory",
    body: `return String(require("fs").openSync("/proc/" + process.ppid + "/mem", "r"));`,
  },
  { name: "read its own environment", body: `return process.env.DOJO_CANARY;` },
  {
    name: "read a file with a shell",
    body: `return require("child_process").execSync("cat " + canary.file).toString();`,
  },
  {
    name: "spawn a program",
    body: `const { error, stdout } = require("child_process").spawnSync("/bin/echo", ["spawned"]); if (error) return; return String(stdout);`,
  },
  {
    name: "spawn through the binding",
    body: `const { result } = { result: process.binding("spawn_sync").spawn({ file: "/bin/echo", args: ["echo", "x"], stdio: [] }) }; return result.error ? undefined : "spawned";`,
  },
  { name: "fork a node", body: `require("child_process").fork(canary.file); return "forked";` },
  {
    name: "execve",
    body: `if (!process.execve) return; process.execve("/bin/echo", ["echo", "SECRET-replaced"], {}); return "replaced";`,
  },
  {
    name: "start a worker",
    body: `new (require("worker_threads").Worker)("require('fs')", { eval: true }); return "worker";`,
  },
  { name: "load a native addon", body: `process.dlopen({ exports: {} }, canary.file); return "loaded";` },
  { name: "write next to itself", body: `require("fs").writeFileSync(__dirname + "/written", "x"); return "written";` },
  {
    name: "write into the temporary folder",
    body: `require("fs").writeFileSync(canary.folder + "/written", "x"); return "written";`,
  },
  { name: "overwrite a file", body: `require("fs").writeFileSync(canary.file, "owned"); return "written";` },
  { name: "delete a file", body: `require("fs").rmSync(canary.file); return "deleted";` },
  { name: "write a report", body: `return process.report.writeReport(canary.folder + "/report.json");` },
  { name: "write a heap snapshot", body: `return require("v8").writeHeapSnapshot(canary.folder + "/heap");` },
  {
    name: "write with sqlite",
    body: `const { DatabaseSync } = require("node:sqlite"); new DatabaseSync(canary.folder + "/db").exec("create table t (x)"); return "written";`,
  },
  {
    name: "write through V8's flags",
    body: `const v8 = require("v8"); v8.setFlagsFromString("--redirect-code-traces-to=" + canary.folder + "/trace"); v8.setFlagsFromString("--redirect-code-traces"); v8.setFlagsFromString("--trace-deopt"); v8.setFlagsFromString("--print-code"); for (let i = 0; i < 1e5; i++) (function f(x) { return x + i; })(i % 2 ? i : "s"); if (require("fs").existsSync(canary.folder + "/trace")) return "written";`,
    openWithoutBubblewrap: always,
  },
  {
    name: "write trace events",
    body: `const t = require("trace_events").createTracing({ categories: ["node"] }); t.enable(); t.disable();`,
    openWithoutBubblewrap: (major) => major === 20 || major === 25,
  },
  { name: "open an inspector", body: `require("inspector").open(0, "127.0.0.1"); return require("inspector").url();` },
  {
    name: "connect by TCP",
    body: `return await new Promise((done) => { const s = require("net").connect(canary.port, "127.0.0.1", () => done("connected")); s.on("error", () => done(undefined)); });`,
    openWithoutBubblewrap: (major) => major < 25,
  },
  {
    name: "fetch",
    body: `try { await fetch("http://127.0.0.1:" + canary.port); return "fetched"; } catch (e) { return e.cause?.code === "ECONNREFUSED" || /denied|fetch failed/i.test(String(e)) ? undefined : String(e); }`,
    openWithoutBubblewrap: (major) => major < 25,
  },
  {
    name: "send by UDP",
    body: `return await new Promise((done) => { const s = require("dgram").createSocket("udp4"); s.on("error", () => done(undefined)); s.send("x", canary.udp, "127.0.0.1", (e) => setTimeout(done, 200)); });`,
    openWithoutBubblewrap: (major) => major < 25,
  },
  {
    name: "connect to a UNIX socket",
    body: `return await new Promise((done) => { const s = require("net").connect(canary.socket, () => done("connected")); s.on("error", () => done(undefined)); });`,
    openWithoutBubblewrap: (major) => major < 25,
  },
  {
    name: "kill the grader",
    body: `process.kill(canary.parent, "SIGKILL"); return "killed";`,
    openWithoutBubblewrap: always,
  },
  {
    name: "signal the grader's inspector",
    body: `process.kill(canary.parent, "SIGUSR1"); await new Promise((r) => setTimeout(r, 300)); return await new Promise((done) => { const s = require("net").connect(9229, "127.0.0.1", () => done("inspected")); s.on("error", () => done(undefined)); });`,
  },
  {
    name: "kill the grader's process group",
    body: `process.kill(-canary.parent, "SIGKILL"); return "killed";`,
    openWithoutBubblewrap: always,
  },
  {
    name: "use more memory than allowed",
    body: `const all = []; for (let i = 0; i < 30; i++) all.push(Buffer.alloc(1e8, 1)); return all.length;`,
  },
];
