import { describe, expect, it } from "vitest";
import { dojo } from "../copies.ts";

describe("parity", () => {
  it.each([
    [
      "without a file of names",
      [],
      "parity needs the lecture's names, which the course does not ship: add --data FILE",
    ],
    ["with one that is not there", ["--data", "none.txt"], "none.txt: cannot be read (ENOENT); is the path right?"],
  ])("%s says in one line what is missing", async (_, args, line) => {
    expect(await dojo(["parity", ...args])).toEqual({ status: 2, stdout: "", stderr: `backprop-dojo: ${line}\n` });
  });
});
