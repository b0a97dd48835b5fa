import { fetchedJson } from "../fetched.ts";
import { unpackedLesson, type PackedLesson, type Signs } from "../packed/lessons.ts";
import { PackedFile } from "../packed/packed-file.ts";
import type { CourseDigest, Lesson, Site } from "../site.ts";
import type { PackedTexts } from "../workshop/packed.ts";

declare const SITE: Pick<Site, "pictures" | "picturesBeyond" | "texts" | "textsBeyond" | "unpacker">;

/**
 * The texts of the course are a file, and those beyond the lecture another: each text repeats much of those before it, and
 * is smaller for it. First there are the signs of lessons, then the lessons, then what the workshop says of steps.
 */
interface Texts {
  readonly file: PackedFile;
  readonly count: number;
  /** Where the drawings of its lessons are. */
  readonly pictures: string;
  lessons?: readonly Promise<Lesson>[];
}

let files: readonly Texts[] | undefined;

/**
 * The lessons, in the order of the course, which is that in which they come.
 *
 * @throws Error if they cannot be loaded; the next time it is tried again
 */
export function lessonsOf(course: Pick<CourseDigest, "texts">): readonly Promise<Lesson>[] {
  return opened(course).flatMap((texts) => (texts.lessons ??= readLessons(texts)));
}

/** @throws Error if they cannot be loaded; the next time it is tried again */
export function workshopTexts(course: Pick<CourseDigest, "texts">): Promise<PackedTexts[]> {
  return Promise.all(opened(course).map(({ file, count }) => parsed<PackedTexts>(file.text(count + 1))));
}

function opened({ texts }: Pick<CourseDigest, "texts">): readonly Texts[] {
  if (files) return files;
  const addresses = [
    [SITE.texts, SITE.pictures],
    [SITE.textsBeyond, SITE.picturesBeyond],
  ] as const;
  return (files = texts.map(({ length }, i) => openFile(...addresses[i]!, length)));
}

function openFile(address: string, pictures: string, count: number): Texts {
  const file = new PackedFile(address, SITE.unpacker, count + 2);
  file.text(0).catch(forget);
  return { file, count, pictures };
}

function forget(): void {
  files = undefined;
}

function readLessons({ file: from, count, pictures }: Texts): Promise<Lesson>[] {
  const first = Promise.all([parsed<Signs>(from.text(0)), addressesOf(pictures)]);
  first.catch(forget);
  return Array.from({ length: count }, async (_, i) => {
    const lesson = await parsed<PackedLesson>(from.text(i + 1));
    const [signs, addresses] = await first;
    return unpackedLesson(lesson, signs, (name) => addresses.get(name) ?? name);
  });
}

/** Where the drawings can be loaded from, by name. */
async function addressesOf(pictures: string): Promise<ReadonlyMap<string, string>> {
  const drawings = Object.entries(await fetchedJson<Readonly<Record<string, string>>>(pictures));
  return new Map(
    drawings.map(([name, svg]) => [name, URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }))]),
  );
}

async function parsed<X>(text: Promise<string>): Promise<X> {
  return JSON.parse(await text) as X;
}
