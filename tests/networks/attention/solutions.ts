import { shapeText } from "../../../grader/network/shape.ts";
import { stepComment } from "../../../grader/kit/stub.ts";
import { answerExtents, type FunctionStep } from "../../../grader/kit/step.ts";

/** The backward pass by hand, as a learner would write it: what each step's function returns. */
export const solutions: Readonly<Record<string, string>> = {
  dlogprobs: "zerosLike(logprobs).scatterAdd(2, Yb.view(...Yb.shape, 1), ones(...Yb.shape, 1).div(-Yb.numel()))",
  dprobs: "dlogprobs.div(probs)",
  dlogits: "throughSoftmax(probs, dprobs)",
  dout: "dlogits.matmul(Wl.T)",
  dWl: "rows(out).T.matmul(rows(dlogits))",
  dbl: "dlogits.sum([0, 1])",
  dmixed: "dout.matmul(Wo.T)",
  dWo: "rows(mixed).T.matmul(rows(dout))",
  dweights: "dmixed.matmul(value.transpose(1, 2))",
  dvalue: "weights.transpose(1, 2).matmul(dmixed)",
  dmasked: "throughSoftmax(weights, dweights)",
  dscores: "dmasked.maskedFill(later, 0)",
  dquery: "dscores.matmul(key).mul(key.size(2) ** -0.5)",
  dkey: "dscores.transpose(1, 2).matmul(query).mul(query.size(2) ** -0.5)",
  dln: "dquery.matmul(Wq.T).add(dkey.matmul(Wk.T)).add(dvalue.matmul(Wv.T))",
  dWq: "rows(ln).T.matmul(rows(dquery))",
  dWk: "rows(ln).T.matmul(rows(dkey))",
  dWv: "rows(ln).T.matmul(rows(dvalue))",
  dlngain: "dln.mul(lnraw).sum([0, 1])",
  dlnbias: "dln.sum([0, 1])",
  dlnraw: "dln.mul(lngain)",
  dlnvar_inv: "dlnraw.mul(lndiff).sum(-1, keepdim)",
  dlnvar: "lnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dlnvar_inv)",
  dlndiff: "dlnraw.mul(lnvar_inv).add(lndiff.mul(2 / lndiff.size(-1)).mul(dlnvar))",
  dlnmean: "dlndiff.sum(-1, keepdim).neg()",
  dx: "dlnmean.div(x.size(-1)).expand(x.shape).add(dlndiff).add(dout)",
  demb: "dx.clone()",
  dP: "dx.sum(0)",
  dC: "zerosLike(C).indexAdd(0, Xb, demb)",
};

/** A solution's file: a step's function that returns an expression, between the markers that a stub is made by. */
export function fileWith(step: FunctionStep, expression: string): string {
  return `import { todo } from "#course";
import { keepdim, ones, zerosLike, type Tensor } from "#tensor";

/** One row for each position of each sequence. */
const rows = (x: Tensor): Tensor => x.view(-1, x.size(-1));

/** The backward pass of a softmax over the last dimension. */
const throughSoftmax = (probs: Tensor, dprobs: Tensor): Tensor =>
  probs.mul(dprobs.sub(dprobs.mul(probs).sum(-1, keepdim)));

${stepComment(step)}
export function ${step.export}({ ${step.given.join(", ")} }: Record<string, Tensor>): Tensor {
  // solution
  return ${expression}; // ${shapeText(answerExtents(step))}
  // end of solution
}
`;
}
