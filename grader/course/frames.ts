import { frames as ofEngine } from "./6-engine/frames.ts";
import type { Frames } from "../grading/guest.ts";

/** How the functions of programs are called that take or return what is no plain value, by the functions' names. */
export const frames: Frames = { ...ofEngine };
