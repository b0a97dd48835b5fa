import { html, nothing, type TemplateResult } from "lit-html";
import type { GradientCheckReport } from "../../grader/report/gradient-check.ts";
import { askButton, askedView } from "./asked.ts";
import { prose } from "./prose.ts";
import type { WorkshopActions, WorkshopState } from "./state.ts";
import { tableView } from "./table.ts";

/** The learner's answer beside central differences. */
export function checkView({ check }: WorkshopState, actions: WorkshopActions): TemplateResult {
  return html`<div class="check">
    <p class="quiet">
      Compares what your function returns for small numbers with differences of the forward lines. It needs no formula.
    </p>
    <p>${askButton(check === undefined ? "Check" : "Check again", check, () => actions.check())}</p>
    <div role="status">${check === undefined ? nothing : askedView(check, "Checking…", reportView)}</div>
  </div>`;
}

function reportView(report: GradientCheckReport | string): TemplateResult {
  if (typeof report === "string") return html`<p>${prose(report)}</p>`;
  const { how, table, conclusion } = report;
  return html`<p class="conclusion"><strong>${conclusion}</strong></p>
    ${tableView(table)}
    <p class="quiet">${how}</p>`;
}
