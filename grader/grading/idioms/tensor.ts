import type { Idiom } from "./idiom.ts";

/** Idioms that a tensor refuses, where more is known of the step than the tensor's own error can say. */
export const tensorIdioms: readonly Idiom[] = [
  {
    by: "absent",
    line: /\.(?:backward|grad|requires_grad|requires_grad_|zero_grad|retain_grad)\b/,
    write: ({ place }) => noAutograd(place.upstreams),
  },
  {
    by: "argument",
    write: ({ code, place }) => ownFunction(code, place.own, place.upstreams),
  },
];

function noAutograd(upstreams: readonly string[]): string {
  const given = upstreams.length > 0 ? `; the upstream gradient is given: ${upstreams.join(", ")}` : "";
  return `there is no autograd here: the gradient is what this step asks you to compute${given}`;
}

/** x.mul(dy) in the function dy. */
function ownFunction(code: string, own: string | undefined, upstreams: readonly string[]): string | undefined {
  if (own === undefined || !new RegExp(`[(,]\\s*${own}\\s*[,)]`).test(code)) return undefined;
  const meant = upstreams.length > 0 ? `; did you mean ${upstreams.join(" or ")}?` : "";
  return `${own} is the function that you are writing${meant}`;
}
