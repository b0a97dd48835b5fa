import { attentionRooms } from "./attention/rooms.ts";
import { blockRooms } from "./block/rooms.ts";
import { embeddingsRooms } from "./embeddings/rooms.ts";
import { headsRooms } from "./heads/rooms.ts";
import { dh as reluDh } from "./relu/dh.ts";
import { dpre as reluDpre } from "./relu/dpre.ts";
import { dx as reluDx } from "./relu/dx.ts";
import { dlogits as bceDlogits } from "./bce/dlogits.ts";
import { dx as bceDx } from "./bce/dx.ts";
import { dW as dropoutDW } from "./dropout/dW.ts";
import { dh as dropoutDh } from "./dropout/dh.ts";
import { dprobs as softmaxDprobs } from "./softmax/dprobs.ts";
import { dscaled as softmaxDscaled } from "./softmax/dscaled.ts";
import { dtemperature as softmaxDtemperature } from "./softmax/dtemperature.ts";
import { dlngain as layernormDlngain } from "./layernorm/dlngain.ts";
import { dlnbias as layernormDlnbias } from "./layernorm/dlnbias.ts";
import { dlnraw as layernormDlnraw } from "./layernorm/dlnraw.ts";
import { dlnvar_inv as layernormDlnvar_inv } from "./layernorm/dlnvar_inv.ts";
import { dlnvar as layernormDlnvar } from "./layernorm/dlnvar.ts";
import { dlndiff as layernormDlndiff } from "./layernorm/dlndiff.ts";
import { dlnmean as layernormDlnmean } from "./layernorm/dlnmean.ts";
import { dx as layernormDx } from "./layernorm/dx.ts";
import { fusedDx as layernormFusedDx } from "./layernorm/fused-dx.ts";
import { dgain as rmsnormDgain } from "./rmsnorm/dgain.ts";
import { drms_inv as rmsnormDrms_inv } from "./rmsnorm/drms_inv.ts";
import { dx as rmsnormDx } from "./rmsnorm/dx.ts";
import { fusedDx as rmsnormFusedDx } from "./rmsnorm/fused-dx.ts";
import { dbent as geluDbent } from "./gelu/dbent.ts";
import { dinner as geluDinner } from "./gelu/dinner.ts";
import { dx as geluDx } from "./gelu/dx.ts";
import { fusedDx as geluFusedDx } from "./gelu/fused-dx.ts";
import { relu } from "./relu/network.ts";

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
    layernormDlngain,
    layernormDlnbias,
    layernormDlnraw,
    layernormDlnvar_inv,
    layernormDlnvar,
    layernormDlndiff,
    layernormDlnmean,
    layernormDx,
    layernormFusedDx,
    rmsnormDgain,
    rmsnormDrms_inv,
    rmsnormDx,
    rmsnormFusedDx,
    geluDbent,
    geluDinner,
    geluDx,
    geluFusedDx,
    ...attentionRooms,
    ...headsRooms,
    ...embeddingsRooms,
    ...blockRooms,
  ],
} as const;
