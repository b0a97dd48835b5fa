import type { TrainFunction } from "../../../grader/course/loop.ts";
import { drawTrainingProbes, drawTrainingStart, type TrainingStart } from "../../../grader/course/training-cases.ts";
import type { Diagnosis } from "../../../grader/diagnosis/symptom.ts";
import { diagnoseTraining, type TrainingSymptom, type TrainingSymptoms } from "../../../grader/diagnosis/training.ts";
import { parameterNames, type Parameters } from "../../../grader/model/parameters.ts";
import { Generator } from "../../../grader/model/random.ts";
import { judgeTrainingStep } from "../../../grader/verdict/training.ts";

/** A wrong training loop that a learner could have written. One that remembers something says how it is made anew. */
export type WrongLoop = { what: string } & ({ trainStep: TrainFunction } | { make: () => TrainFunction });

/** The loop as a new process has it. */
export function madeAnew(loop: WrongLoop): TrainFunction {
  return "make" in loop ? loop.make() : loop.trainStep;
}

/** The parameters, to be changed by whoever gets them. */
export function copyOf(parameters: Parameters): Parameters {
  return Object.fromEntries(parameterNames.map((name) => [name, parameters[name].clone()])) as unknown as Parameters;
}

/** What a loop answers at a start, up to an error. */
export function ask(trainStep: TrainFunction, { parameters: start, steps }: TrainingStart): TrainingSymptoms {
  const symptoms: TrainingSymptom[] = [];
  let parameters = start;
  for (const { batch, learningRate } of steps) {
    const question = { parameters, batch, learningRate };
    const moving = copyOf(parameters);
    try {
      const { loss, gradients } = trainStep(moving, { Xb: batch.Xb.clone(), Yb: batch.Yb.clone() }, learningRate);
      const answer = { loss: loss.item(), gradients: copyOf(gradients), updated: copyOf(moving) };
      symptoms.push({ question, answer });
      parameters = answer.updated;
    } catch (error) {
      symptoms.push({ question, answer: { thrown: String(error) } });
      break;
    }
  }
  return symptoms;
}

/** Whether every step is right that a seed's starts ask, one of each flavour; an error is not. */
export function passes(loop: WrongLoop, seed: number): boolean {
  return [0, 1, 2, 3].every((i) =>
    ask(madeAnew(loop), drawTrainingStart(new Generator(seed * 16 + i), i)).every(
      ({ question, answer }) => !("thrown" in answer) && judgeTrainingStep(question, answer) === undefined,
    ),
  );
}

/** What is said of a loop, from the probes of a seed. */
export function trainingDiagnosisOf(loop: WrongLoop, seed: number): Diagnosis | null {
  return diagnoseTraining(drawTrainingProbes(new Generator(seed)).map((start) => ask(madeAnew(loop), start)));
}
