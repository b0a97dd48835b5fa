/**
 * Compiles the kernels to TypeScript files: code in an exercise's context cannot read files, so the bytes are part of the
 * script, in hexadecimal, which gzip makes less of than of base64. With --check it compares instead of writing.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { main } from "assemblyscript/asc";

const here = import.meta.dirname;
const targets = {
  "kernels.ts": "grader/tensor/simd-bytes.ts",
  "float64.ts": "grader/autograd/float64-bytes.ts",
  "fused.ts": "bench/fused-bytes.ts",
};
const isCheck = process.argv.includes("--check");

for (const [source, target] of Object.entries(targets)) {
  const binary = await compile(source);
  const text = `/** What simd/${source} compiles to (simd/build.mjs writes this file): ${binary.length} bytes of WebAssembly. */
export const bytes =
  "${Buffer.from(binary).toString("hex")}";
`;
  const file = path.join(here, "..", target);
  if (!isCheck) {
    writeFileSync(file, text);
    continue;
  }
  const isSame = readFileSync(file, "utf8") === text;
  process.stdout.write(`${target} ${isSame ? "is" : "is not"} what ${source} compiles to\n`);
  if (!isSame) {
    process.stdout.write("npm run build --prefix simd writes it anew\n");
    process.exitCode = 1;
  }
}

/**
 * @param {string} source a file of this folder
 * @returns {Promise<Uint8Array>}
 */
async function compile(source) {
  /** @type {Uint8Array | undefined} */
  let binary;
  // their memory is always new, so that zeros need not be stored
  const options =
    "--runtime stub --enable simd -O3 --noAssert --importMemory --zeroFilledMemory --initialMemory 1".split(" ");
  const { error, stderr } = await main([source, "--outFile", "out.wasm", ...options], {
    readFile: (name) => (existsSync(path.join(here, name)) ? readFileSync(path.join(here, name), "utf8") : null),
    writeFile: (name, contents) => {
      if (name === "out.wasm") binary = /** @type {Uint8Array} */ (contents);
    },
    listFiles: () => [],
  });
  if (error || !binary) {
    process.stderr.write(`${stderr}\n`);
    process.exit(1);
  }
  return binary;
}
