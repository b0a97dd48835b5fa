/** The lecture that the course follows: Andrej Karpathy, "Building makemore Part 4: Becoming a Backprop Ninja". */
const VIDEO = "https://youtu.be/q8SA3rM6ckI";

/** Links to places of the lecture, in Markdown: [26:22](...), [28:59](...). */
export function lectureLinks(seconds: readonly number[]): string {
  return seconds.map((at) => `[${clock(at)}](${VIDEO}?t=${at})`).join(", ");
}

/** Seconds as a player shows them: 26:22, 1:13:58. */
export function clock(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
