import { render } from "lit-html";
import type { Trace } from "../../grader/report/ladder/ladder.ts";
import { closedLadder, nextState, reachedBy, stateFor, type LadderEvent, type LadderState } from "./state.ts";
import { ladderView, type LadderData } from "./view.ts";

/** What a ladder asks of the page that it is on. */
export interface LadderHost {
  /** Follows an element through all lines; where the lines are, such as in a worker. */
  follow(tensor: string, place: number): Promise<Trace>;
  /** The reader wants to work on a step. */
  work(step: string): void;
}

/** A ladder on a page. */
export interface MountedLadder {
  /** Shows other data; what is open and followed stays, if the ladder is the same. */
  show(data: LadderData): void;
  /** Opens a rung, and brings it into view and the keyboard to it. */
  open(rung: string): void;
}

/** For so many milliseconds a choice waits for what it is connected with before it is drawn without. */
const SOON_MS = 60;

/** Keeps a ladder's state and renders it into an element. */
export function mountLadder(container: HTMLElement, host: LadderHost): MountedLadder {
  let data: LadderData | undefined;
  // in a low window the numbers would hide what lights up
  let state: LadderState = { ...closedLadder, isBrief: matchMedia("(max-height: 36rem)").matches };
  const draw = (): void => {
    if (data) render(ladderView(data, state, send), container);
  };
  const send = (event: LadderEvent): void => {
    const before = state;
    state = nextState(state, event);
    const { chosen } = state;
    if (chosen !== null && chosen !== before.chosen) {
      void host.follow(chosen.tensor, chosen.place).then((trace) => send({ kind: "traced", trace }));
      // that comes at once, mostly: drawn together with it, nothing flickers
      setTimeout(draw, SOON_MS);
    } else if (state !== before) draw();
    if (event.kind === "work") host.work(event.step);
    if (event.kind === "step") bringIntoView(reachedBy(state)?.tensor ?? state.chosen?.tensor);
  };
  const headOf = (rung: string | undefined): HTMLElement | null | undefined =>
    [...container.querySelectorAll<HTMLElement>("[data-rung]")]
      .find((one) => one.dataset["rung"] === rung)
      ?.querySelector(".head");
  const bringIntoView = (rung: string | undefined): void => {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    headOf(rung)?.scrollIntoView({ block: "nearest", behavior: isStill ? "instant" : "smooth" });
  };
  return {
    show(next) {
      if (data && next.ladder !== data.ladder) state = stateFor(next.ladder, state);
      data = next;
      draw();
    },
    open(rung) {
      if (state.open !== rung) send({ kind: "toggle", rung });
      const head = headOf(rung);
      head?.scrollIntoView({ block: "start", behavior: "instant" });
      head?.focus({ preventScroll: true });
    },
  };
}
