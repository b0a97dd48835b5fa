import { steps } from "../../grader/course/steps.ts";
import { makeDataset } from "../../grader/course/makemore/dataset.ts";
import { lectureSizes } from "../../grader/course/makemore/parameters.ts";
import type { CourseData } from "../../grader/grading/course-data.ts";
import { drawnBatch, lectureBatch, type LectureBatch } from "../../grader/grading/lecture.ts";
import type { Step } from "../../grader/kit/step.ts";
import { oncePer } from "../../grader/network/once.ts";
import type { Network } from "../../grader/network/network.ts";
import { fetched, fetchedJson } from "../fetched.ts";
import { lectureTensors, type LectureData } from "../lecture.ts";
import type { Site } from "../site.ts";

declare const SITE: Pick<Site, "lecture" | "names" | "namesSha256">;

const fetchLecture = onceLoaded(async () => lectureTensors(await fetchedJson<LectureData>(SITE.lecture)));
/** The names that part 4 trains on, as a data set. */
export const fetchNames = onceLoaded(async () => {
  const [response, { unpackedNames }] = await Promise.all([fetched(SITE.names), import("../packed/names.ts")]);
  const text = unpackedNames(new Uint8Array(await response.arrayBuffer()));
  return makeDataset(text, "data/names.txt", lectureSizes.block);
});

/** The course, with the data that the asked steps need: the names are larger than everything else together. */
export async function courseFor(asked: readonly Step[]): Promise<CourseData> {
  const [lecture, dataset] = await Promise.all([
    fetchLecture(),
    asked.some(({ kind }) => kind === "train") ? fetchNames() : undefined,
  ]);
  return {
    setting: { lecture: "ours", training: SITE.namesSha256 },
    steps,
    lecture: batchOf(lecture),
    training: ({ training }) => training.runOn(dataset!),
  };
}

/** Computed once: every grading uses the same batch. */
const batchOf = oncePer((lecture: ReturnType<typeof lectureTensors>): ((network: Network) => LectureBatch) =>
  oncePer((network: Network) =>
    network.stored === undefined ? drawnBatch(network) : lectureBatch(network, lecture, "ours"),
  ),
);

/** A file's contents, fetched when first needed; again if it could not be loaded. */
function onceLoaded<X>(load: () => Promise<X>): () => Promise<X> {
  let loading: Promise<X> | undefined;
  return () => {
    loading ??= load();
    loading.catch(() => (loading = undefined));
    return loading;
  };
}
