import { expect, it } from "vitest";
import { lectureData } from "../../page/build/data.ts";
import { lectureTensors } from "../../page/lecture.ts";
import { readTorch } from "../../grader/runner/data.ts";

it("the page's batch and parameters have the bits of those that PyTorch used", () => {
  const { tensors } = readTorch("lecture");
  const found = Object.entries(lectureTensors(JSON.parse(JSON.stringify(lectureData()))));
  expect(found.map(([name]) => name).toSorted()).toEqual(
    ["C", "W1", "W2", "Xb", "Yb", "b1", "b2", "bnbias", "bngain"].toSorted(),
  );
  for (const [name, tensor] of found) {
    expect(tensor.shape, name).toEqual(tensors[name]!.shape);
    expect(Buffer.from(tensor.toArray().buffer).equals(Buffer.from(tensors[name]!.toArray().buffer)), name).toBe(true);
  }
});
