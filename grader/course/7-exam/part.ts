import { dlogits as bceDlogits } from "./bce/dlogits.ts";
import { dx as bceDx } from "./bce/dx.ts";
import { dh as dropoutDh } from "./dropout/dh.ts";
import { dW as dropoutDW } from "./dropout/dW.ts";
import { dh as reluDh } from "./relu/dh.ts";
import { dpre as reluDpre } from "./relu/dpre.ts";
import { dx as reluDx } from "./relu/dx.ts";
import { relu } from "./relu/network.ts";
import { dprobs as softmaxDprobs } from "./softmax/dprobs.ts";
import { dscaled as softmaxDscaled } from "./softmax/dscaled.ts";
import { dtemperature as softmaxDtemperature } from "./softmax/dtemperature.ts";

/** The exam: layers that no lesson derives, each a network of its own. */
export const exam = {
  folder: "7-exam",
  network: relu,
  rooms: [
    reluDh,
    reluDpre,
    reluDx,
    bceDlogits,
    bceDx,
    dropoutDW,
    dropoutDh,
    softmaxDprobs,
    softmaxDscaled,
    softmaxDtemperature,
  ],
} as const;
