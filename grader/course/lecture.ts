import { clock } from "../kit/number.ts";

/** The lecture that the course follows: Andrej Karpathy, "Building makemore Part 4: Becoming a Backprop Ninja". */
const VIDEO = "https://youtu.be/q8SA3rM6ckI";

/** Links to places of the lecture, in Markdown: [26:22](...), [28:59](...). */
export function lectureLinks(seconds: readonly number[]): string {
  return seconds.map((at) => `[${clock(at)}](${lectureAddress(at)})`).join(", ");
}

/** The address of a place of the lecture, in seconds from its start. */
export function lectureAddress(at: number): string {
  return `${VIDEO}?t=${at}`;
}
