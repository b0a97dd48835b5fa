import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.48. dgain2
 *
 * Forward:
 *   norm2 = gain2 * raw2
 *
 * Given:
 *   gain2 [embd]
 *   raw2, norm2, dnorm2 [sequences, time, embd]
 *
 * Return: dgain2 [embd]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dgain2({ gain2, raw2, norm2, dnorm2 }: Given<"block-dgain2">): Tensor {
  throw todo("block-dgain2");
}
