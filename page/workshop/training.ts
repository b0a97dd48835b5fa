import { html, nothing, type TemplateResult } from "lit-html";
import type { Outcome } from "../../grader/course/makemore/long-run.ts";
import { harmless } from "../../grader/report/harmless.ts";
import { overSteps, stepsPerPoint } from "./lab.ts";
import { plotView } from "./plot.ts";
import type { Training, WorkshopActions, WorkshopState } from "./state.ts";

/** Training with the learner's training step: started, paused and gone on with; its loss as it falls; sampled names. */
export function trainingView({ training }: WorkshopState, actions: WorkshopActions): TemplateResult {
  return html`<div class="training">
    ${controlsView(training, actions)}
    <p role="status">${statusText(training)}</p>
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
    ${training.outcome ? outcomeView(training.outcome) : nothing}
  </div>`;
}

function controlsView({ is, steps }: Training, actions: WorkshopActions): TemplateResult {
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
      <input type="number" name="steps" min="1" max="200000" step="1" required .value=${String(steps)} />
    </label>
    <button type="submit" class="primary" aria-disabled=${is === "measuring" ? "true" : nothing}>
      ${is === "off" ? "Train" : "Train again"}
    </button>
  </form>`;
}

function statusText({ is, losses, steps, why, isKept }: Training): string {
  const at = `${losses.length.toLocaleString("en")} of ${steps.toLocaleString("en")} steps`;
  const loss = losses.length === 0 ? "" : `, loss ${latest({ losses }).toFixed(3)}`;
  switch (is) {
    case "off":
      return isFast()
        ? "Trains the network with your train.ts, from the lecture's start: 20,000 steps take about a minute."
        : "Trains the network with your train.ts, from the lecture's start. This browser has no WebAssembly with SIMD, so " +
            "that 20,000 steps take many minutes: take fewer, or a newer browser.";
    case "running":
    case "pausing":
      // told once in a while: a screen reader reads each change
      return losses.length === 0 ? "Training…" : `Training: ${roughly(losses.length, steps)} done`;
    case "paused":
      return `Paused after ${at}${loss}. ${isKept ? "It can go on at any time, also at another visit." : "It can go on for as long as this page stays open."}`;
    case "measuring":
      return `${at}${loss}. Calibrating batchnorm on all training examples, then measuring the losses…`;
    case "done":
      return `Done: ${at}${loss}.`;
    case "failed":
      return harmless(why ?? "");
  }
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

function outcomeView({ splits, samples }: Outcome): TemplateResult {
  return html`<p>
      Loss with calibrated batchnorm:
      ${splits.map(({ split, loss }, i) => html`${i > 0 ? ", " : ""}${split} <strong>${loss.toFixed(4)}</strong>`)}
    </p>
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
