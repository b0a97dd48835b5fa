import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import type { StepDigest } from "../site.ts";
import type { Why } from "../store/versions.ts";
import type { Compared, ComparedLine, SharedCode, Work } from "../store/work.ts";
import type { Actions } from "./actions.ts";
import { resultView } from "./result.ts";
import { hashOf } from "./route.ts";
import type { State } from "./state.ts";

/** Where a learner's work is kept, how it is saved and brought in, its versions, and code that somebody has sent. */

/** Why a text became a version. */
const whys: Readonly<Record<Why, string>> = {
  reset: "before a reset",
  copy: "when a copy was brought in",
  folder: "when the folder had another text",
  tab: "when another tab had another text",
  link: "before code from a link was kept",
  version: "before an earlier version was brought back",
};

/** What every view shows at its top, if there is something to say. */
export function noticesView({ work, route }: State, { work: actions }: Actions): TemplateResult {
  const { folder, problem, hasNotice, takeOver } = work;
  const problems = [problem, folder?.problem, folder && !folder.isThere ? serverGone : undefined];
  return html`<div class="notices">
    ${
      work.said === undefined || route.view === "step" || route.view === "work"
        ? nothing
        : html`<p class="notice" aria-live="polite">${work.said}</p>`
    }
    ${problems.map((why) => (why === undefined ? nothing : html`<p class="notice problem" role="alert">${why}</p>`))}
    ${
      hasNotice
        ? html`<p class="notice" aria-live="polite">
            <span
              >What you write is kept in this browser only: save a copy under
              <a href=${hashOf({ view: "work" })}>Your work</a>, now and then.</span
            >
            <button type="button" @click=${() => actions.dismissNotice()}>Got it</button>
          </p>`
        : nothing
    }
    ${
      takeOver
        ? html`<p class="notice" aria-live="polite">
            There is a new version of this page.
            <button type="button" @click=${() => actions.takeOver()}>Reload</button>
          </p>`
        : nothing
    }
  </div>`;
}

const serverGone =
  "The server of this page has stopped. What you write is kept in this browser, and goes to the folder when npm run page " +
  "runs again.";

/** The page about the learner's work as a whole. */
export function workView(state: State, { work: actions }: Actions): TemplateResult {
  const { work } = state;
  return html`<article class="whole work">
    <h1>Your work</h1>
    ${work.said === undefined ? nothing : html`<p class="said" aria-live="polite">${work.said}</p>`} ${placeView(work)}
    <h2>Save a copy</h2>
    <p>
      One zip file with all steps, in the folders of the course. <code>npm run grade -- --from exercises</code> grades
      it where it is unpacked; this page brings it in again, here or on another machine.
    </p>
    <p><button type="button" class="primary" @click=${() => actions.saveCopy()}>Save a copy</button></p>
    <h2>Bring one in</h2>
    <p>
      A zip, or a folder such as <code>exercises/</code> of your clone. Of two texts for a step the newer one is taken,
      and the other is kept among its versions.
    </p>
    <p class="buttons">
      <label class="button">
        Choose a zip
        <input
          class="unseen"
          type="file"
          accept=".zip,application/zip"
          @change=${chosen(([zip]) => zip && actions.bringInZip(zip))}
        />
      </label>
      <label class="button">
        Choose a folder
        <input class="unseen" type="file" webkitdirectory @change=${chosen((files) => actions.bringInFolder(files))} />
      </label>
    </p>
    ${work.canPick && work.folder?.kind !== "served" ? pickView(work, actions) : nothing}
    <h2>One step</h2>
    <p>
      Below each step’s editor, <em>Versions</em> has its last five versions, the way back to where it began, and a link
      that carries its code to somebody else.
    </p>
  </article>`;
}

function placeView({ folder }: Work): TemplateResult {
  if (folder) {
    return html`<p>
      This page works on the folder <code>${folder.name}</code>: what you write here is saved there, and what you save
      there with another program shows here at once.
    </p>`;
  }
  return html`<p>
    What you write is kept in this browser only, and sent nowhere. Browsers remove what pages store: some after a week
    without a visit, all when you clear their data. A copy is safe.
  </p>`;
}

function pickView({ folder, earlierFolder }: Work, actions: Actions["work"]): TemplateResult {
  if (folder) {
    return html`<h2>Folder</h2>
      <p><button type="button" @click=${() => actions.closeFolder()}>Work without the folder</button></p>`;
  }
  return html`<h2>Work in a folder</h2>
    <p>
      This browser can work on <code>exercises/</code> of your clone itself, so that you can change between this page
      and your own editor.
    </p>
    <p class="buttons">
      ${
        earlierFolder === undefined
          ? nothing
          : html`<button type="button" @click=${() => actions.reopenFolder()}>Open ${earlierFolder} again</button>`
      }
      <button type="button" @click=${() => actions.pickFolder()}>Open a folder</button>
    </p>`;
}

/** Below a step's editor: its versions, a reset, a link. */
export function versionsView(state: State, step: StepDigest, { work: actions }: Actions): TemplateResult {
  const { work, texts } = state;
  const { file } = step;
  const versions = work.versions?.file === file ? work.versions.all : undefined;
  const toggle = ({ target }: Event): void => {
    const isOpen = (target as HTMLDetailsElement).open;
    if (isOpen !== (versions !== undefined)) actions.showVersions(isOpen ? file : undefined);
    // it is the last thing of what scrolls
    if (isOpen) (target as HTMLElement).scrollIntoView({ block: "nearest" });
  };
  return html`<details class="versions" aria-label="Versions" ?open=${versions !== undefined} @toggle=${toggle}>
    <summary>Versions</summary>
    ${work.said === undefined ? nothing : html`<p class="said" aria-live="polite">${work.said}</p>`}
    <p class="buttons">
      <button type="button" @click=${() => actions.reset(file)}>Reset to the beginning</button>
      <button type="button" @click=${() => actions.makeLink(step)}>Link to this code</button>
      <a href=${hashOf({ view: "work" })}>Save a copy of all steps</a>
    </p>
    ${linkView(work, file, texts[file] ?? "")}
    ${
      versions?.length === 0
        ? html`<p class="quiet">No earlier version: whatever replaces your text keeps it here.</p>`
        : nothing
    }
    <ul>
      ${versions?.map((version) => {
        const when = timeWords(version.time);
        return html`<li>
          <span><time>${when}</time>, ${whys[version.why] ?? ""}</span>
          <button type="button" @click=${() => actions.compare(file, `the version of ${when}`, version.text)}>
            Compare<span class="unseen"> with the version of ${when}</span>
          </button>
          <button type="button" @click=${() => actions.bringBack(file, version)}>
            Bring back<span class="unseen"> the version of ${when}</span>
          </button>
        </li>`;
      })}
    </ul>
    ${work.compared?.file === file && !work.shared ? comparedView(work.compared, actions) : nothing}
  </details>`;
}

function linkView({ link }: Work, file: string, text: string): TemplateResult | typeof nothing {
  if (link?.file !== file || link.text !== text) return nothing;
  const isLocal = /^https?:\/\/(127\.0\.0\.1|localhost)[:/]/.test(link.url);
  return html`<p>
    <label>
      It opens beside the reader’s own code, and changes nothing there${isLocal ? ", on this machine only" : ""}:
      <input
        class="link-text"
        readonly
        .value=${link.url}
        @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
      />
    </label>
  </p>`;
}

/** Somebody's code, above one's own. */
export function sharedView(state: State, step: StepDigest, actions: Actions): TemplateResult | typeof nothing {
  const { shared, compared } = state.work;
  if (shared?.step.id !== step.id) return nothing;
  const { text, isGrading, graded, problem } = shared;
  const { work } = actions;
  return html`<section class="shared" aria-label="code from a link">
    <h2>Code from a link</h2>
    <p class="quiet">Somebody has sent you this. It is not run or kept unless you say so; yours is below, unchanged.</p>
    <textarea
      readonly
      spellcheck="false"
      aria-label="code from a link"
      rows=${Math.min(text.split("\n").length + 1, 10)}
      .value=${text}
      ${ref(toItsEnd)}
    ></textarea>
    <p class="buttons">
      <button type="button" @click=${() => work.gradeShared()} aria-disabled=${isGrading ? "true" : nothing}>
        Grade it
      </button>
      <button type="button" @click=${() => work.compare(step.file, "the code from the link", text)}>
        Compare with mine
      </button>
      <button type="button" @click=${() => work.keepShared()}>Keep it; mine becomes a version</button>
      <button type="button" @click=${() => work.closeShared()}>Close</button>
    </p>
    ${problem === undefined ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
    <div aria-live="polite">
      ${isGrading ? html`<p class="quiet">Grading…</p>` : nothing}${graded ? sharedResult(state, step, shared, actions) : nothing}
    </div>
    ${compared?.file === step.file ? comparedView(compared, work) : nothing}
  </section>`;
}

/** Shows the end of a text, where the answer is. */
function toItsEnd(area: Element | undefined): void {
  // its text is set after this
  if (area) requestAnimationFrame(() => area.scrollTo(0, area.scrollHeight));
}

/** What grading it found, as for one's own code; places are in the text from the link. */
function sharedResult(state: State, step: StepDigest, { text, graded }: SharedCode, actions: Actions): TemplateResult {
  const shown = {
    ...state,
    texts: { ...state.texts, [step.file]: text },
    graded: new Map([[step.id, graded!]]),
  };
  const goTo = (line: number, column: number): void => {
    const area = document.querySelector<HTMLTextAreaElement>(".shared textarea");
    const before = text.split("\n").slice(0, line - 1);
    const place = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    area?.focus();
    area?.setSelectionRange(place, place);
  };
  return resultView(shown, step, { ...actions, goTo }, false);
}

const signs: Readonly<Record<ComparedLine["side"], string>> = { mine: "−", theirs: "+", both: " ", skipped: "…" };

function comparedView({ what, lines }: Compared, actions: Actions["work"]): TemplateResult {
  const isSame = lines.length === 0;
  return html`<div class="compared">
    <p>
      ${isSame ? html`Yours and ${what} are the same.` : html`− only in yours, + only in ${what}`}
      <button type="button" @click=${() => actions.closeCompared()}>Close the comparison</button>
    </p>
    ${
      isSame
        ? nothing
        : html`<pre data-scrolls="both texts"><code>${lines.map(
            ({ side, text }) => html`<span class=${side}>${signs[side]} ${text} </span>`,
          )}</code></pre>`
    }
  </div>`;
}

/** Today's by their hour, others by their day as well. */
function timeWords(time: number): string {
  const date = new Date(time);
  if (time === 0) return "an unknown time";
  const isToday = date.toDateString() === new Date().toDateString();
  const hour = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  return isToday
    ? date.toLocaleTimeString("en-GB", hour)
    : date.toLocaleString("en-GB", { day: "numeric", month: "long", ...hour });
}

/** Takes the chosen files, and lets the same ones be chosen again. */
function chosen(take: (files: readonly File[]) => void): (event: Event) => void {
  return ({ target }) => {
    const input = target as HTMLInputElement;
    take([...(input.files ?? [])]);
    input.value = "";
  };
}
