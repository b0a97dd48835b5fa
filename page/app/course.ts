import { fetchedJson } from "../fetched.ts";
import type { BeyondDigest, CourseDigest, Site } from "../site.ts";
import { isWhole } from "./whole.ts";

declare const SITE: Pick<Site, "course" | "stubs" | "beyond">;

/** The course as views know it, and every stub by file; with the parts beyond the lecture, if the page has them. */
export async function loadCourse(): Promise<[CourseDigest, Readonly<Record<string, string>>]> {
  const [course, stubs, more] = await Promise.all([
    fetchedJson<CourseDigest>(SITE.course),
    fetchedJson<Readonly<Record<string, string>>>(SITE.stubs),
    isWhole ? fetchedJson<BeyondDigest>(SITE.beyond) : undefined,
  ]);
  if (!more) return [course, stubs];
  const { course: beyond } = more;
  const whole: CourseDigest = {
    parts: [...course.parts, ...beyond.parts],
    steps: [...course.steps, ...beyond.steps],
    texts: [...course.texts, ...beyond.texts],
    ends: [...course.ends, ...beyond.ends],
    beyond: [],
  };
  return [whole, { ...stubs, ...more.stubs }];
}
