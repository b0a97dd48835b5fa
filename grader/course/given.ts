// Made from the rooms by npx vitest run tests/course/given.test.ts --update, so that the type checker can check an
// exercise without reading the course.

/** The names that each step is given, by its id. */
export interface GivenNames {
  da: "a" | "b" | "c" | "dc";
  db: "a" | "b" | "c" | "dc";
  dy: "x" | "y" | "u" | "du";
  dx: "x" | "y" | "u" | "v" | "du" | "dv";
  dw: "w" | "feature" | "weighted" | "bias" | "guess" | "goal" | "miss" | "cost" | "dcost";
  dcolumn: "column" | "row" | "grid" | "dgrid";
  dtable: "table" | "total" | "spread" | "dspread";
  dleft: "left" | "right" | "product" | "dproduct";
  dpre: "pre" | "out" | "dout";
  dz: "z" | "exps" | "logs" | "roots" | "dexps" | "dlogs" | "droots";
  dcube: "cube" | "unrolled" | "dunrolled";
  dscores: "scores" | "picks" | "picked" | "dpicked";
  dlevels: "levels" | "peaks" | "dpeaks";
  dbook: "book" | "visits" | "quotes" | "dquotes";
  normalize: "N";
  numericalGradient: "spot" | "nudge";
  dlogprobs: "logprobs" | "Yb" | "loss";
  dprobs: "probs" | "logprobs" | "dlogprobs";
  dcounts_sum_inv: "counts_sum_inv" | "counts" | "probs" | "dprobs";
  dcounts_sum: "counts_sum" | "counts_sum_inv" | "dcounts_sum_inv";
  dcounts: "counts" | "counts_sum" | "dcounts_sum" | "counts_sum_inv" | "probs" | "dprobs";
  dnorm_logits: "norm_logits" | "counts" | "dcounts";
  dlogit_maxes: "logit_maxes" | "logits" | "norm_logits" | "dnorm_logits";
  dlogits: "logits" | "logit_maxes" | "dlogit_maxes" | "norm_logits" | "dnorm_logits" | "Yb";
  dh: "h" | "W2" | "b2" | "logits" | "dlogits";
  dW2: "W2" | "h" | "b2" | "logits" | "dlogits";
  db2: "b2" | "h" | "W2" | "logits" | "dlogits";
  dhpreact: "hpreact" | "h" | "dh";
  dbngain: "bngain" | "bnbias" | "bnraw" | "hpreact" | "dhpreact";
  dbnbias: "bnbias" | "bngain" | "bnraw" | "hpreact" | "dhpreact";
  dbnraw: "bnraw" | "bngain" | "bnbias" | "hpreact" | "dhpreact";
  dbnvar_inv: "bnvar_inv" | "bndiff" | "bnraw" | "dbnraw";
  dbnvar: "bnvar" | "bnvar_inv" | "dbnvar_inv";
  dbndiff2: "bndiff2" | "bnvar" | "dbnvar";
  dbndiff: "bndiff" | "bndiff2" | "dbndiff2" | "bnvar_inv" | "bnraw" | "dbnraw";
  dbnmeani: "bnmeani" | "hprebn" | "bndiff" | "dbndiff";
  dhprebn: "hprebn" | "bnmeani" | "dbnmeani" | "bndiff" | "dbndiff";
  dembcat: "embcat" | "W1" | "b1" | "hprebn" | "dhprebn";
  dW1: "W1" | "embcat" | "b1" | "hprebn" | "dhprebn";
  db1: "b1" | "embcat" | "W1" | "hprebn" | "dhprebn";
  demb: "emb" | "embcat" | "dembcat";
  dC: "C" | "Xb" | "emb" | "demb";
  "fused-dlogits": "logits" | "Yb";
  "fused-dhprebn": "bngain" | "bnvar_inv" | "bnraw" | "dhpreact";
  gap: "bngain" | "bnbias" | "bnraw" | "dhpreact";
  dpredicted: "predicted" | "target";
  forgotten: "dbndiff";
  uses: "C" | "Xb";
  spacing: "x";
  ratio: "hprebn";
  rescaled: "embcat" | "W1";
  clipped: "G" | "g" | "most";
  squares: "v" | "G";
  direction: "m" | "v" | "t";
  updated: "p" | "G" | "m" | "v" | "t" | "learningRate";
  dx_2: "inv" | "raw" | "gain" | "Wl" | "probs" | "Yb";
  dy_0: "gain2_0" | "inv2_0" | "raw2_0" | "W1_0" | "h_0" | "W2_0" | "dx_1";
  dln1_0: "ln1_0" | "Wq_0" | "Wk_0" | "Wv_0" | "q_0" | "k_0" | "v_0" | "later" | "weights_0" | "dmixed_0";
}
