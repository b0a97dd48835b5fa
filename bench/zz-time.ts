import { makeBatches, makeCase } from "../grader/kit/case.ts";
import { Generator } from "../grader/network/random.ts";
import { dojo } from "../grader/course/steps.ts";
import { diagnose } from "../grader/diagnosis/diagnose.ts";
import { answerOf } from "../grader/diagnosis/formulas/formula.ts";
for (const id of ["dy_0", "dln1_0", "dx_2"]) {
  const step = dojo.functionSteps.find((s) => s.id === id)!;
  let s = performance.now();
  const cases = makeBatches(step.network, 5).map((b) => makeCase(step, b, new Generator(3)));
  for (const c of cases) c.truth.magnitude;
  console.log(id, "cases", performance.now() - s, cases.map((c) => JSON.stringify(c.sizes)).join(" "));
  s = performance.now();
  for (const m of step.mistakes) diagnose(cases.map((c) => ({ case: c, answer: answerOf(m, c.given) })));
  console.log(" named each", (performance.now() - s) / step.mistakes.length);
  for (const m of step.mistakes.slice(0, 3)) {
    s = performance.now();
    const d = diagnose(cases.map((c) => ({ case: c, answer: (answerOf(m, c.given) as any).add(1) })));
    console.log("  with 1 added", m.id, performance.now() - s, d?.id);
  }
}
