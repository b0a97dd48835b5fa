import { checkVerdicts } from "../grader/diagnosis/self-check.ts";
import { dojo } from "../grader/course/steps.ts";
const ids = process.argv[3]?.split(",");
const functionSteps = dojo.functionSteps.filter(({ part, id }) => part === 8 && (!ids || ids.includes(id)));
for (const step of functionSteps) {
  const s = performance.now();
  const found = checkVerdicts({ ...dojo, functionSteps: [step] }, Number(process.argv[2] ?? 10));
  console.log(step.id, {
    forms: found.forms,
    mistakes: found.mistakes,
    worst: found.worstRatio,
    nearest: found.nearest,
    ms: performance.now() - s,
  });
  for (const p of found.problems) console.log("   ", p);
}
