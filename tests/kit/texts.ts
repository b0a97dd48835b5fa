/** What an author writes into a room that was begun for them. */
export interface RoomTexts {
  readonly rule: string;
  readonly worked: string;
  readonly piece: string;
}

const weight = (name: string, input: string, upstream: string): RoomTexts => ({
  rule: `Each entry of ${name} joins an entry of ${input} with a neuron, in every sequence of the batch.`,
  worked: `${`d${name}`}[0, 0] = {${input} 0 0} * {${upstream} 0 0} + {${input} 1 0} * {${upstream} 1 0}`,
  piece: `A matrix product adds up over the batch: the size that meets is that of the sequences, so ${input} is transposed.`,
});

const bias = (name: string, upstream: string): RoomTexts => ({
  rule: `${name} is added to every row of the batch, so every row has a part in its gradient.`,
  worked: `d${name}[0] = {${upstream} 0 0} + {${upstream} 1 0}`,
  piece: `Add ${upstream} up over the dimension that ${name} does not have.`,
});

const gate = (name: string): RoomTexts => ({
  rule: "The slope of a sigmoid is its output times one minus its output: 0.25 in the middle, close to 0 at both ends.",
  worked: `d${name}pre[0, 0] = {${name} 0 0} * (1 - {${name} 0 0}) * {d${name} 0 0}`,
  piece: `Write the slope in terms of the output ${name}, which is given, and scale the upstream gradient by it.`,
});

/** The texts of the GRU's rooms, by step; dz is written as a whole file. */
export const texts: Readonly<Record<string, RoomTexts>> = {
  dhnext: {
    rule: "A square has the slope of twice what is squared; the mean gives each entry an equal share.",
    worked: "dhnext[0, 0] = 2 * ({hnext 0 0} - {target 0 0}) / 4",
    piece: "The loss is a mean over all entries, of which there are numel(): divide by that, not by the batch.",
  },
  dn: {
    rule: "n is weighted by one minus z, entry by entry.",
    worked: "dn[0, 0] = (1 - {z 0 0}) * {dhnext 0 0}",
    piece: "The weight of n in the line is the local gradient: one minus z.",
  },
  dnpre: {
    rule: "The slope of tanh is one minus the square of its output.",
    worked: "dnpre[0, 0] = (1 - {n 0 0} ** 2) * {dn 0 0}",
    piece: "Square the output n, which is given, subtract it from one, and scale the upstream gradient.",
  },
  dWn: weight("Wn", "x", "dnpre"),
  dbn: bias("bn", "dnpre"),
  dr: {
    rule: "r scales past, entry by entry.",
    worked: "dr[0, 0] = {past 0 0} * {dnpre 0 0}",
    piece: "The other factor of the product is the local gradient.",
  },
  dpast: {
    rule: "past is scaled by r, entry by entry.",
    worked: "dpast[0, 0] = {r 0 0} * {dnpre 0 0}",
    piece: "The other factor of the product is the local gradient.",
  },
  dUn: weight("Un", "h", "dpast"),
  dcn: bias("cn", "dpast"),
  dzpre: gate("z"),
  dWz: weight("Wz", "x", "dzpre"),
  dUz: weight("Uz", "h", "dzpre"),
  dbz: bias("bz", "dzpre"),
  drpre: gate("r"),
  dWr: weight("Wr", "x", "drpre"),
  dUr: weight("Ur", "h", "drpre"),
  dbr: bias("br", "drpre"),
};
