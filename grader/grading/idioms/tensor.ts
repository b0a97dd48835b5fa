import type { Idiom } from "./idiom.ts";

/** Idioms that a tensor refuses, where more is known of the step than the tensor's own error can say. */
export const tensorIdioms: readonly Idiom[] = [
  {
    by: "absent",
    line: /\.(?:backward|grad|requires_grad|requires_grad_|zero_grad|retain_grad)\b/,
    write: ({ place }) => givenInstead(place.upstreams),
  },
  {
    by: "argument",
    write: ({ code, place }) => ownFunction(code, place.own, place.upstreams),
  },
];

/** The tensor's own error says that there is no autograd. */
function givenInstead(upstreams: readonly string[]): string | undefined {
  return upstreams.length > 0 ? `the upstream gradient is given: ${upstreams.join(", ")}` : undefined;
}

/** x.mul(dy) in the function dy. */
function ownFunction(code: string, own: string | undefined, upstreams: readonly string[]): string | undefined {
  if (own === undefined || !new RegExp(`[(,]\\s*${own}\\s*[,)]`).test(code)) return undefined;
  const meant = upstreams.length > 0 ? `; did you mean ${upstreams.join(" or ")}?` : "";
  return `${own} is the function that you are writing${meant}`;
}
