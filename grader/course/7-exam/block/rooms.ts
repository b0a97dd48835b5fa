import { dQ } from "./dQ.ts";
import { dV } from "./dV.ts";
import { dWo } from "./dWo.ts";
import { dWq } from "./dWq.ts";
import { dact } from "./dact.ts";
import { dgain2 } from "./dgain2.ts";
import { dmixed } from "./dmixed.ts";
import { dnorm1 } from "./dnorm1.ts";
import { dnorm2 } from "./dnorm2.ts";
import { dpre } from "./dpre.ts";
import { draw1 } from "./draw1.ts";
import { dres } from "./dres.ts";
import { dx } from "./dx.ts";
import { fusedDx } from "./fused-dx.ts";

/** A transformer block: a step for each of its lines, and then the whole block as one function. */
export const blockRooms = [
  dact,
  dpre,
  dnorm2,
  dgain2,
  dres,
  dmixed,
  dWo,
  dV,
  dQ,
  dnorm1,
  dWq,
  draw1,
  dx,
  fusedDx,
] as const;
