import { html, nothing, type TemplateResult } from "lit-html";
import type { Outcome } from "../../grader/kit/training.ts";
import { harmless } from "../../grader/report/harmless.ts";
import { overSteps, stepsPerPoint } from "./lab.ts";
import { plotView } from "./plot.ts";
import type { StepDigest } from "../site.ts";
import type { LongTexts } from "./texts.ts";
import {
  LECTURES_STEP,
  textsOf,
  trainingOf,
  type Subject,
  type Training,
  type WorkshopActions,
  type WorkshopState,
} from "./state.ts";

/** Training with the learner's training step: started, paused and gone on with; its loss as it falls; sampled names. */
export function trainingView(subject: Subject, state: WorkshopState, actions: WorkshopActions): TemplateResult {
  const { step } = subject;
  const long = textsOf(subject).long!;
  const training = trainingOf(state, step);
  return html`<div class="training">
    ${controlsView(training, long, actions)}
    <p role="status">${statusText(training, long, step)}</p>
    ${training.is === "running" ? html`<p class="quiet">${leftText(training)}</p>` : nothing}
    ${
      training.losses.length < 2
        ? nothing
        : html`${plotView({
            label: `the loss, falling from ${first(training).toFixed(3)} to ${latest(training).toFixed(3)}`,
            lines: [{ name: "loss", points: overSteps(training.losses) }],
            across: acrossOf(stepsPerPoint(training.losses.length)),
          })}`
    }
    ${training.printed === "" ? nothing : html`<pre class="printed" data-scrolls="what it printed">${harmlessLines(training.printed)}</pre>`}
    ${training.outcome ? outcomeView(training.outcome, long, besideView(subject, state)) : nothing}
  </div>`;
}

function controlsView({ is, steps }: Training, long: LongTexts, actions: WorkshopActions): TemplateResult {
  if (is === "running" || is === "pausing") {
    return html`<p class="controls">
      <button
        type="button"
        class="primary"
        aria-disabled=${is === "pausing" ? "true" : nothing}
        @click=${() => actions.pause()}
      >
        Pause
      </button>
      <button type="button" @click=${() => actions.stopTraining()}>Stop</button>
    </p>`;
  }
  if (is === "paused") {
    return html`<p class="controls">
      <button type="button" class="primary" @click=${() => actions.resume()}>Resume</button>
      <button type="button" @click=${() => actions.stopTraining()}>Stop</button>
    </p>`;
  }
  const start = (event: SubmitEvent): void => {
    event.preventDefault();
    if (is === "measuring") return;
    actions.train(Number(new FormData(event.target as HTMLFormElement).get("steps")));
  };
  return html`<form class="controls" @submit=${start}>
    <label>
      steps
      <input type="number" name="steps" min="1" max="200000" step="1" required .value=${String(steps ?? long.steps)} />
    </label>
    <button type="submit" class="primary" aria-disabled=${is === "measuring" ? "true" : nothing}>
      ${is === "off" ? "Train" : "Train again"}
    </button>
  </form>`;
}

function statusText({ is, losses, steps = 0, why, isKept }: Training, long: LongTexts, { file }: StepDigest): string {
  const at = `${losses.length.toLocaleString("en")} of ${steps.toLocaleString("en")} steps`;
  const loss = losses.length === 0 ? "" : `, loss ${latest({ losses }).toFixed(3)}`;
  switch (is) {
    case "off": {
      const how = `Trains the network with your ${file.split("/").at(-1)}, from its start.`;
      return isFast()
        ? how
        : `${how} This browser has no WebAssembly with SIMD, so that ${long.steps.toLocaleString("en")} steps take many minutes: take fewer, or a newer browser.`;
    }
    case "running":
    case "pausing":
      // told once in a while: a screen reader reads each change
      return losses.length === 0 ? "Training…" : `Training: ${roughly(losses.length, steps)} done`;
    case "paused":
      return `Paused after ${at}${loss}. ${isKept ? "It can go on at any time, also at another visit." : "It can go on for as long as this page stays open."}`;
    case "measuring":
      return `${at}${loss}. ${long.measuring[0]!.toUpperCase()}${long.measuring.slice(1)}…`;
    case "done":
      return `Done: ${at}${loss}.`;
    case "failed":
      return harmless(why ?? "");
  }
}

/** After how many milliseconds the time that is left can be told. */
const TOLD_AFTER_MS = 3000;

/** About how long it goes on, at its pace so far; "" before that is known. */
function leftText({ losses, steps = 0, from }: Training): string {
  const spent = from ? performance.now() - from.at : 0;
  if (!from || spent < TOLD_AFTER_MS || losses.length === from.step) return "";
  const minutes = ((spent / (losses.length - from.step)) * (steps - losses.length)) / 60_000;
  return minutes < 1 ? "less than a minute left" : `about ${Math.floor(minutes) + 1} minutes left`;
}

/** A module with one instruction, i8x16.popcnt, in hexadecimal: whether the engine has what the kernels compute with. */
const PROBE = "0061736d010000000105016000017b030201000a0a0108004100fd0ffd620b";

/** Whether tensors are computed by kernels. */
function isFast(): boolean {
  return (
    typeof WebAssembly === "object" &&
    WebAssembly.validate(Uint8Array.from(PROBE.match(/../g)!, (byte) => parseInt(byte, 16)))
  );
}

/** In tenths. */
function roughly(done: number, all: number): string {
  return `${10 * Math.floor((10 * done) / all)}%`;
}

/** What a plot's points are, from left to right. */
function acrossOf(steps: number): string {
  return steps === 1 ? "loss by step" : `loss by step, each point the mean of ${steps} steps`;
}

/** How many steps a loss is the mean of, when one number is told. */
const LAST = 100;

function latest({ losses }: Pick<Training, "losses">): number {
  const last = losses.slice(-LAST);
  return last.reduce((sum, loss) => sum + loss, 0) / last.length;
}

function first({ losses }: Training): number {
  return losses[0]!;
}

function harmlessLines(text: string): string {
  return text
    .split("\n")
    .map((line) => harmless(line, true))
    .join("\n");
}

/** What the lecture's network has reached, beside another one; nothing if this browser has no finished run of it. */
function besideView(subject: Subject, state: WorkshopState): TemplateResult | typeof nothing {
  const { losses, outcome } = trainingOf(state, { id: LECTURES_STEP });
  const lectures = subject.texts.steps[LECTURES_STEP]?.long;
  const test = outcome?.splits.find(({ split }) => split === "test");
  if (!test || lectures?.network === textsOf(subject).long!.network) return nothing;
  return html`<p>
    The lecture's network after ${losses.length.toLocaleString("en")} steps: test
    <strong>${test.loss.toFixed(4)}</strong>
  </p>`;
}

function outcomeView(
  { splits, samples }: Outcome,
  { measured }: LongTexts,
  beside: TemplateResult | typeof nothing,
): TemplateResult {
  return html`<p>
      ${measured[0]!.toUpperCase() + measured.slice(1)}:
      ${splits.map(({ split, loss }, i) => html`${i > 0 ? ", " : ""}${split} <strong>${loss.toFixed(4)}</strong>`)}
    </p>
    ${beside}
    <div class="wide" data-scrolls="sampled names">
      <table class="findings samples">
        <thead>
          <tr>
            <th scope="col">sampled</th>
            <th scope="col">nearest name in the data</th>
          </tr>
        </thead>
        <tbody>
          ${samples.map(
            ({ name, nearest }) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${nearest}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
