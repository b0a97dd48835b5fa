import type { StepResult } from "../../verdict/result.ts";
import type { GradingSettings } from "./settings.ts";

/** A text by its file's name, as in TreeTexts. */
export type SentText = readonly [file: string, text: string | { problem: string }];

/** What a worker is told: first its settings, then one tree after another. */
export type ToWorker = { settings: GradingSettings } | { texts: readonly SentText[] };

/** What it answers for each tree. */
export type FromWorker = { results: StepResult[] } | { problem: string };
