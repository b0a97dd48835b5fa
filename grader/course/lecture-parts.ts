import { da } from "./0-warm-ups/da.ts";
import { db } from "./0-warm-ups/db.ts";
import { dy } from "./0-warm-ups/dy.ts";
import { dx } from "./0-warm-ups/dx.ts";
import { dw } from "./0-warm-ups/dw.ts";
import { dcolumn } from "./0-warm-ups/dcolumn.ts";
import { dtable } from "./0-warm-ups/dtable.ts";
import { dleft } from "./0-warm-ups/dleft.ts";
import { dpre } from "./0-warm-ups/dpre.ts";
import { dz } from "./0-warm-ups/dz.ts";
import { dcube } from "./0-warm-ups/dcube.ts";
import { dscores } from "./0-warm-ups/dscores.ts";
import { dlevels } from "./0-warm-ups/dlevels.ts";
import { dbook } from "./0-warm-ups/dbook.ts";
import { normalize } from "./0-warm-ups/normalize.ts";
import { numericalGradient } from "./0-warm-ups/numericalGradient.ts";
import { dlogprobs } from "./1-step-by-step/dlogprobs.ts";
import { dprobs } from "./1-step-by-step/dprobs.ts";
import { dcounts_sum_inv } from "./1-step-by-step/dcounts_sum_inv.ts";
import { dcounts_sum } from "./1-step-by-step/dcounts_sum.ts";
import { dcounts } from "./1-step-by-step/dcounts.ts";
import { dnorm_logits } from "./1-step-by-step/dnorm_logits.ts";
import { dlogit_maxes } from "./1-step-by-step/dlogit_maxes.ts";
import { dlogits } from "./1-step-by-step/dlogits.ts";
import { dh } from "./1-step-by-step/dh.ts";
import { dW2 } from "./1-step-by-step/dW2.ts";
import { db2 } from "./1-step-by-step/db2.ts";
import { dhpreact } from "./1-step-by-step/dhpreact.ts";
import { dbngain } from "./1-step-by-step/dbngain.ts";
import { dbnbias } from "./1-step-by-step/dbnbias.ts";
import { dbnraw } from "./1-step-by-step/dbnraw.ts";
import { dbnvar_inv } from "./1-step-by-step/dbnvar_inv.ts";
import { dbnvar } from "./1-step-by-step/dbnvar.ts";
import { dbndiff2 } from "./1-step-by-step/dbndiff2.ts";
import { dbndiff } from "./1-step-by-step/dbndiff.ts";
import { dbnmeani } from "./1-step-by-step/dbnmeani.ts";
import { dhprebn } from "./1-step-by-step/dhprebn.ts";
import { dembcat } from "./1-step-by-step/dembcat.ts";
import { dW1 } from "./1-step-by-step/dW1.ts";
import { db1 } from "./1-step-by-step/db1.ts";
import { demb } from "./1-step-by-step/demb.ts";
import { dC } from "./1-step-by-step/dC.ts";
import { dlogits as fusedDlogits } from "./2-fused-cross-entropy/dlogits.ts";
import { dhprebn as fusedDhprebn } from "./3-fused-batchnorm/dhprebn.ts";
import { train } from "./4-training-loop/train.ts";
import { gap } from "./5-trap-lab/gap.ts";
import { dpredicted } from "./5-trap-lab/dpredicted.ts";
import { forgotten } from "./5-trap-lab/forgotten.ts";
import { uses } from "./5-trap-lab/uses.ts";
import { spacing } from "./5-trap-lab/spacing.ts";
import { ratio } from "./5-trap-lab/ratio.ts";
import { rescaled } from "./5-trap-lab/rescaled.ts";
import { makemore } from "./makemore/network.ts";

/** The parts that follow the lecture. */
export const lectureParts = {
  0: {
    folder: "0-warm-ups",
    network: makemore,
    rooms: [
      da,
      db,
      dy,
      dx,
      dw,
      dcolumn,
      dtable,
      dleft,
      dpre,
      dz,
      dcube,
      dscores,
      dlevels,
      dbook,
      normalize,
      numericalGradient,
    ],
  },
  1: {
    folder: "1-step-by-step",
    network: makemore,
    rooms: [
      dlogprobs,
      dprobs,
      dcounts_sum_inv,
      dcounts_sum,
      dcounts,
      dnorm_logits,
      dlogit_maxes,
      dlogits,
      dh,
      dW2,
      db2,
      dhpreact,
      dbngain,
      dbnbias,
      dbnraw,
      dbnvar_inv,
      dbnvar,
      dbndiff2,
      dbndiff,
      dbnmeani,
      dhprebn,
      dembcat,
      dW1,
      db1,
      demb,
      dC,
    ],
  },
  2: { folder: "2-fused-cross-entropy", network: makemore, rooms: [fusedDlogits] },
  3: { folder: "3-fused-batchnorm", network: makemore, rooms: [fusedDhprebn] },
  4: { folder: "4-training-loop", network: makemore, rooms: [train] },
  5: { folder: "5-trap-lab", network: makemore, rooms: [gap, dpredicted, forgotten, uses, spacing, ratio, rescaled] },
} as const;
