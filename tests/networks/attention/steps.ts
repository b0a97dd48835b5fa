import type { Tensor } from "#tensor";
import type { ReferenceBatch } from "../../../grader/kit/course.ts";
import { gradientRow, taskOf } from "../../../grader/kit/derive.ts";
import type { Mistake } from "../../../grader/kit/mistake.ts";
import type { NamesGiven } from "../../../grader/kit/names.ts";
import type { FunctionStep } from "../../../grader/kit/step.ts";
import { gradedTensorsOf } from "../../../grader/network/network.ts";
import { lines } from "./lines.ts";
import { attention } from "./network.ts";

type AnyLine = (typeof lines)[number];

/** What the step for a tensor is given, by its exact names. */
export type Given<X extends string> = { readonly [Name in NamesGiven<AnyLine, X, "loss">]: Tensor };

/** A mistake of one step, typed by what that step is given. */
function mistakeOf<const X extends string>(
  _tensor: X,
  mistake: Mistake<NamesGiven<AnyLine, X, "loss">>,
): readonly Mistake<string>[] {
  return [mistake as Mistake];
}

const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  lnvar: mistakeOf("lnvar", {
    id: "exponent",
    idea: "the exponent is kept",
    sentence: "the exponent is that of the forward line",
    look: "Lower the exponent by one.",
    answer: ({ lnvar, dlnvar_inv }) => lnvar.add(1e-5).pow(-0.5).mul(-0.5).mul(dlnvar_inv),
  }),
};

/** A step for each tensor of the network, derived from its lines. */
export const steps: readonly FunctionStep[] = gradedTensorsOf(attention).map((tensor, i): FunctionStep => {
  const row = gradientRow(attention, tensor);
  return {
    kind: "function",
    ...taskOf(attention, row),
    part: 1,
    number: i + 1,
    label: `${i + 1}`,
    file: `attention/${row.id}.ts`,
    export: row.id,
    chain: "link",
    hints: { ask: "", rule: "", worked: "", piece: "" },
    looks: {},
    mistakes: mistakes[tensor] ?? [],
    forms: [],
  };
});

export const reference: ReferenceBatch = {
  network: attention,
  file: "torch-1",
  sizesOf({ Xb, Wq, Wl }) {
    const [batch, time] = Xb!.shape as [number, number];
    const [embd, head] = Wq!.shape as [number, number];
    return { batch, time, embd, head, vocab: Wl!.size(1) };
  },
};
