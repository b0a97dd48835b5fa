import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeDataset, type Dataset } from "../../grader/course/makemore/dataset.ts";
import { LECTURE_SEED, initialParameters, lectureSizes } from "../../grader/course/makemore/parameters.ts";
import { Generator } from "../../grader/network/random.ts";
import { readSafetensors } from "../../grader/network/safetensors.ts";
import { lectureNames, withoutLectureNames } from "../lecture-names.ts";

const lecture = (): Dataset => makeDataset(readFileSync(lectureNames, "utf8"), "names.txt", lectureSizes.block);

describe("with the lecture's names", () => {
  it.skipIf(withoutLectureNames)("the splits have the notebook's sizes", () => {
    const dataset = lecture();
    expect(dataset.names).toHaveLength(32_033);
    const shapes = (["train", "dev", "test"] as const).map((split) => dataset.split(split).Xb.shape);
    expect(shapes).toEqual([
      [182_625, 3],
      [22_655, 3],
      [22_866, 3],
    ]);
  });

  it.skipIf(withoutLectureNames)("the first batch after the parameters is the lecture's", () => {
    const dataset = lecture();
    const train = dataset.split("train");
    const generator = new Generator(LECTURE_SEED);
    initialParameters(generator, { ...lectureSizes, vocab: dataset.characters.length });
    const indices = generator.randint(0, train.Yb.size(0), lectureSizes.batch);
    const first = [120000, 157809, 82137, 69514, 73004, 68734, 286, 123947];
    expect([...indices.toArray()].slice(0, 8)).toEqual(first);

    const file = readFileSync(new URL("../../data/torch/lecture.safetensors", import.meta.url));
    const { tensors } = readSafetensors(file);
    const { Xb, Yb } = train.pick(indices);
    expect([...Xb.toArray()]).toEqual([...(tensors["Xb"]?.toArray() ?? [])]);
    expect([...Yb.toArray()]).toEqual([...(tensors["Yb"]?.toArray() ?? [])]);
  });
});
