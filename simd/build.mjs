/**
 * Compiles kernels.ts to grader/tensor/simd-bytes.ts, where the bytes are base64: a script has to bring them along, because what
 * runs in an exercise's context can read no file. With --check it compares in place of writing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { main } from "assemblyscript/asc";

const here = import.meta.dirname;
const target = path.join(here, "..", "grader", "tensor", "simd-bytes.ts");

const { error, stderr, binary } = await compile();
if (error || !binary) {
  process.stderr.write(`${stderr}\n`);
  process.exit(1);
}
const text = `/** The kernels of simd/kernels.ts, compiled (simd/build.mjs writes this file): ${binary.length} bytes of WebAssembly. */
export const bytes =
  "${Buffer.from(binary).toString("base64")}";
`;
if (process.argv.includes("--check")) {
  const same = readFileSync(target, "utf8") === text;
  process.stdout.write(
    same ? "the committed kernels are these\n" : "the committed kernels are others; npm run build writes them\n",
  );
  process.exit(same ? 0 : 1);
}
writeFileSync(target, text);

async function compile() {
  /** @type {Uint8Array | undefined} */
  let binary;
  const options = "--runtime stub --enable simd -O3 --noAssert --initialMemory 1".split(" ");
  const { error, stderr } = await main(["kernels.ts", "--outFile", "kernels.wasm", ...options], {
    readFile: (name) => (name === "kernels.ts" ? readFileSync(path.join(here, name), "utf8") : null),
    writeFile: (name, contents) => {
      if (name === "kernels.wasm") binary = /** @type {Uint8Array} */ (contents);
    },
    listFiles: () => [],
  });
  return { error, stderr, binary };
}
