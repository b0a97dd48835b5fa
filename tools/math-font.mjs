/**
 * Writes page/fonts/math.woff2: the characters of STIX Two Math that the lessons' formulas need, with its table for
 * mathematics. `npm run math-font --prefix tools`, if a formula has a character that a test finds lacking.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const folder = path.join(import.meta.dirname, "..", "page", "fonts");
const characters = readFileSync(path.join(folder, "characters.txt"), "utf8").replaceAll("\n", "");
const load = createRequire(import.meta.url);
const subsetFont = load("subset-font");
const whole = path.dirname(load.resolve("@fontsource/stix-two-math/package.json"));
const font = readFileSync(path.join(whole, "files", "stix-two-math-latin-400-normal.woff2"));
writeFileSync(
  path.join(folder, "math.woff2"),
  await subsetFont(font, characters, { targetFormat: "woff2", noHinting: true }),
);
