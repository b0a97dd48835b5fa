import { clock } from "../kit/number.ts";

/** The lecture that the course follows: Andrej Karpathy, "Building makemore Part 4: Becoming a Backprop Ninja". */
const VIDEO = "https://youtu.be/q8SA3rM6ckI";

/** Links to places of the lecture, in Markdown: [26:22](...), [28:59](...). */
export function lectureLinks(seconds: readonly number[]): string {
  return seconds.map((at) => `[${clock(at)}](${VIDEO}?t=${at})`).join(", ");
}
