import { fetchedJson } from "../fetched.ts";
import { unpackedLesson, type PackedLesson, type Signs } from "../packed/lessons.ts";
import { PackedFile } from "../packed/packed-file.ts";
import type { CourseDigest, Lesson, Site } from "../site.ts";
import type { PackedTexts } from "../workshop/packed.ts";

declare const SITE: Pick<Site, "pictures" | "texts" | "unpacker">;

/**
 * The texts of the course, which are one file: each repeats much of those before it, and is smaller for it. First there are
 * the signs of lessons, then the lessons, then what the workshop says of steps.
 */
let file: PackedFile | undefined;
let lessons: readonly Promise<Lesson>[] | undefined;

/**
 * The lessons, in the order of the course, which is that in which they come.
 *
 * @throws Error if they cannot be loaded; the next time it is tried again
 */
export function lessonsOf({ texts }: Pick<CourseDigest, "texts">): readonly Promise<Lesson>[] {
  return (lessons ??= readLessons(opened(texts.length), texts.length));
}

/** @throws Error if they cannot be loaded; the next time it is tried again */
export async function workshopTexts({ texts }: Pick<CourseDigest, "texts">): Promise<PackedTexts> {
  return parsed(opened(texts.length).text(texts.length + 1));
}

function opened(count: number): PackedFile {
  if (file) return file;
  const made = new PackedFile(SITE.texts, SITE.unpacker, count + 2);
  made.text(0).catch(() => (file = lessons = undefined));
  return (file = made);
}

function readLessons(from: PackedFile, count: number): Promise<Lesson>[] {
  const first = Promise.all([parsed<Signs>(from.text(0)), addressesOfPictures()]);
  first.catch(() => (file = lessons = undefined));
  return Array.from({ length: count }, async (_, i) => {
    const lesson = await parsed<PackedLesson>(from.text(i + 1));
    const [signs, addresses] = await first;
    return unpackedLesson(lesson, signs, (name) => addresses.get(name) ?? name);
  });
}

/** Where the drawings can be loaded from, by name. */
async function addressesOfPictures(): Promise<ReadonlyMap<string, string>> {
  const drawings = Object.entries(await fetchedJson<Readonly<Record<string, string>>>(SITE.pictures));
  return new Map(
    drawings.map(([name, svg]) => [name, URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }))]),
  );
}

async function parsed<X>(text: Promise<string>): Promise<X> {
  return JSON.parse(await text) as X;
}
