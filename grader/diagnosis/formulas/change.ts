import type { Tensor } from "#tensor";
import type { Case } from "../../kit/case.ts";

/** Something that can be done to a tensor by mistake. It may throw if the tensor's numbers do not allow it. */
export interface Change {
  id: string;
  /** What the changed tensor is called, from the name of the tensor. */
  words: (name: string) => string;
  /** Said after these words, between commas. */
  aside?: string;
  /** What is said of the correct formula that is given the changed tensor, if there is a plainer way to say it. */
  said?: (name: string) => string;
  /** What is said of the correct answer with this change, if there is a plainer way to say it. */
  ofAnswer?: string;
  of: (x: Tensor, asked: Case) => Tensor;
}

/** What a changed tensor is called where the sentence ends with it. */
export function calledLast({ words, aside }: Change, name: string): string {
  return aside === undefined ? words(name) : `${words(name)}, ${aside}`;
}

/** What a changed tensor is called where the sentence goes on. */
export function calledWithin(change: Change, name: string): string {
  return calledLast(change, name) + (change.aside === undefined ? "" : ",");
}
