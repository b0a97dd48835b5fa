import { todo, type Averages, type DecoderBatch, type DecoderParameters, type DecoderStepResult } from "#course";
import { crossEntropy, keepdim, oneHot, zerosLike, type Tensor } from "#tensor";

const HEADS = 4;

/** Each place's channels to mean 0 and variance 1, and what they were divided by. */
function normalize(x: Tensor): { raw: Tensor; inv: Tensor } {
  const diff = x.sub(x.mean(-1, keepdim));
  const inv = diff.pow(2).mean(-1, keepdim).add(1e-5).pow(-0.5);
  return { raw: diff.mul_(inv), inv };
}

/** [batch, heads, time, head] from [batch, time, embd]. */
function intoHeads(x: Tensor): Tensor {
  const [batch, time, embd] = x.shape as [number, number, number];
  return x.view(batch, time, HEADS, embd / HEADS).transpose(1, 2);
}

/** [batch, time, embd] from [batch, heads, time, head]. */
function sideBySide(x: Tensor): Tensor {
  const [batch, heads, time, head] = x.shape as [number, number, number, number];
  return x.transpose(1, 2).view(batch, time, heads * head);
}

/** The parameters of a block, without its number. */
function ofBlock(parameters: DecoderParameters, i: 0 | 1) {
  const get = <Name extends string>(name: Name) => parameters[`${name}_${i}` as keyof DecoderParameters];
  return {
    gain1: get("gain1"),
    bias1: get("bias1"),
    Wq: get("Wq"),
    Wk: get("Wk"),
    Wv: get("Wv"),
    Wo: get("Wo"),
    gain2: get("gain2"),
    bias2: get("bias2"),
    W1: get("W1"),
    b1: get("b1"),
    W2: get("W2"),
    b2: get("b2"),
  };
}

/** The forward pass of a block: everything that its backward pass may need. */
function forwardBlock(x: Tensor, p: ReturnType<typeof ofBlock>, later: Tensor) {
  const { raw: raw1, inv: inv1 } = normalize(x);
  const ln1 = raw1.mul(p.gain1).add_(p.bias1);
  const [q, k, v] = [intoHeads(ln1.matmul(p.Wq)), intoHeads(ln1.matmul(p.Wk)), intoHeads(ln1.matmul(p.Wv))];
  const scores = q.matmul(k.transpose(2, 3)).mul_(q.size(3) ** -0.5);
  const weights = scores.maskedFill(later, -Infinity).softmax(-1);
  const mixed = sideBySide(weights.matmul(v));
  const y = mixed.matmul(p.Wo).add_(x);
  const { raw: raw2, inv: inv2 } = normalize(y);
  const ln2 = raw2.mul(p.gain2).add_(p.bias2);
  const h = ln2.matmul(p.W1).add_(p.b1).tanh();
  const out = h.matmul(p.W2).add_(p.b2).add_(y);
  return { p, raw1, inv1, ln1, q, k, v, weights, mixed, raw2, inv2, ln2, h, out };
}

/**
 * 8.8. trainStep
 *
 * One step of training: forward (given), backward and AdamW (yours).
 *
 * Given:
 *   parameters: C [vocab, embd]; P [time, embd]; for each block i of 0 and 1, with _i behind each name, gain1, bias1, gain2,
 *     bias2 [embd]; Wq, Wk, Wv, Wo [embd, embd]; W1 [embd, hidden]; b1 [hidden]; W2 [hidden, embd]; b2 [embd];
 *     then gain, bias [embd]; Wl [embd, vocab]; bl [vocab]
 *   batch: Xb, Yb [batch, time], integers; later [time, time], 1 where a query would read a later character
 *   learningRate: a number
 *   averages: m and v, a tensor in each parameter's shape under its name; t [], the number of steps before this one
 *
 * Return: { loss, gradients }: the loss before the update, and the gradient of each parameter, before clipping, under the
 * parameter's name and in its shape. By then parameters and averages have been updated in place by AdamW: gradients
 * clipped together to a norm of 1, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 and a decay of 0.01; t counts this step.
 *
 * @see [the lesson](README.md#8-trainstep)
 */
export function trainStep(
  parameters: DecoderParameters,
  { Xb, Yb, later }: DecoderBatch,
  learningRate: number,
  averages: Averages,
): DecoderStepResult {
  const { C, P, gain, bias, Wl, bl } = parameters;
  const vocab = C.size(0);

  // forward pass
  const x_0 = C.gatherRows(Xb).add(P);
  const first = forwardBlock(x_0, ofBlock(parameters, 0), later);
  const second = forwardBlock(first.out, ofBlock(parameters, 1), later);
  const { raw, inv } = normalize(second.out);
  const ln = raw.mul(gain).add_(bias);
  const logits = ln.matmul(Wl).add_(bl);
  const loss = crossEntropy(logits.view(-1, vocab), Yb.view(-1));

  // backward pass and update
  throw todo("train-transformer");
}
