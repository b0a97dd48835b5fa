import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "../../grader/tensor/index.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { colorOf, colorOf256 } from "../../grader/report/heatmap/diverging.ts";
import { pixelOf, pixelsOf } from "../../grader/report/heatmap/pixels.ts";
import { columnSums, rowSums } from "../../grader/report/heatmap/sums.ts";
import { drawingOf, type Drawing } from "../../grader/report/heatmap/drawing.ts";
import { panelLines, terminalDrawing } from "../../grader/report/heatmap/terminal.ts";
import { svgDrawing } from "../../grader/report/heatmap/svg.ts";
import { largest } from "../../grader/report/statistics.ts";
import { matrixOf, shrink, type Matrix } from "../../grader/report/heatmap/matrix.ts";
import { stepOf } from "../trees.ts";
import { problemOfXml } from "./xml.ts";
import { functionSteps } from "../../grader/course/steps.ts";

const labels = {
  sizes: { n: 2, block: 3, embd: 2, hidden: 5, vocab: 27 },
  batch: { Xb: tensor([0, 0, 1, 0, 1, 2], [2, 3], "int32"), Yb: tensor([1, 13], [2], "int32") },
};

const panel = (matrix: Matrix, scale = largest(matrix.values)): Parameters<typeof panelLines>[0] => ({
  title: "yours",
  matrix,
  scale,
  notes: [],
});

/** A small matrix whose rows and columns have no names. */
const plain = (rows: number[][]): Matrix => ({
  rows: { name: "", size: rows.length, numbered: true },
  columns: { name: "", size: rows[0]?.length ?? 0, numbered: true },
  values: rows.flat(),
  notes: [],
});

const ESC = "\u001b";
const three = plain([
  [-1, 0, 1],
  [0.5, -0.5, 0.01],
  [0.2, -0.2, 1],
]);

describe("a matrix in the terminal", () => {
  it("is drawn without colors as characters by size, one line per row", () => {
    expect(panelLines(panel(three), 80, "none")).toEqual([
      "yours",
      "  012",
      "0 # @",
      "1 *=.",
      "2 +-@",
      "scale: # -1, @ 1",
    ]);
  });

  it("is drawn in 24-bit colors as half blocks, two rows per line; the last of an odd number has half a line to itself", () => {
    const [blue, white, orange] = ["5;48;97", "247;247;247", "115;48;4"];
    const [midOrange, midBlue, tiny] = [0.5, -0.5, 0.01].map((t) => colorOf(t).join(";"));
    const [fifth, minusFifth] = [0.2, -0.2].map((t) => colorOf(t).join(";"));
    const [title, header, first, second, scale] = panelLines(panel(three), 80, "24bit");
    expect([title, header]).toEqual(["yours", "  012"]);
    expect(first).toBe(
      `0 ${ESC}[38;2;${blue};48;2;${midOrange}m▀${ESC}[38;2;${white};48;2;${midBlue}m▀` +
        `${ESC}[38;2;${orange};48;2;${tiny}m▀${ESC}[0m`,
    );
    expect(second).toBe(`2 ${ESC}[38;2;${fifth}m▀${ESC}[38;2;${minusFifth}m▀${ESC}[38;2;${orange}m▀${ESC}[0m`);
    expect(stripVTControlCharacters(scale!)).toBe("darkest: -1 █████████ 1");
  });

  it("is drawn the same way in 256 colors, and sets a color only when it changes", () => {
    const lines = panelLines(panel(plain([[-1, -1, 1], [0, 0, 0]])), 80, "256"); // prettier-ignore
    expect(lines[2]).toBe(`0 ${ESC}[38;5;18;48;5;255m▀▀${ESC}[38;5;130m▀${ESC}[0m`);
  });

  it("shows values that are not finite as ?, in a line for that row alone", () => {
    const matrix = plain([[NaN, 1], [-Infinity, -1]]); // prettier-ignore
    expect(panelLines(panel(matrix), 80, "none").slice(2, 4)).toEqual(["0 ?@", "1 ?#"]);
    expect(panelLines(panel(matrix), 80, "256").slice(2, 4)).toEqual([
      `0 ?${ESC}[38;5;130m█${ESC}[0m`,
      `1 ?${ESC}[38;5;18m█${ESC}[0m`,
    ]);
    expect(panelLines(panel(plain([[NaN]])), 80, "24bit")).toEqual(["yours", "?"]);
  });

  it("is not drawn if all values are zero", () => {
    expect(panelLines(panel(plain([[0, -0], [0, 0]])), 80, "24bit")).toEqual(["yours"]); // prettier-ignore
  });

  it("with one row is one line of whole blocks", () => {
    expect(panelLines(panel(plain([[1, -1]])), 80, "256").slice(1, 3)).toEqual([
      "01",
      `${ESC}[38;5;130m█${ESC}[38;5;18m█${ESC}[0m`,
    ]);
  });

  it("that is too wide is shrunk to its most prominent values, and says so", () => {
    const row = Array.from({ length: 64 }, (_, i) => (i === 41 ? -1 : 0.01));
    const lines = panelLines(panel(plain([row, row])), 40, "none");
    expect(lines).toEqual([
      "yours",
      "  0         20        40        60",
      "0 ....................#...........",
      "1 ....................#...........",
      "scale: # -1, @ 1",
      "each place shows 2 columns: the",
      "  value largest in size",
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  it("keeps NaN when it is shrunk", () => {
    const shrunk = shrink(plain([[1, NaN, 3, 2], [1, 5, -9, 2]]), { rows: 1, columns: 2 }); // prettier-ignore
    expect([...(shrunk.values as Float64Array)]).toEqual([NaN, -9]);
    expect(shrunk.by).toEqual({ rows: 2, columns: 2 });
  });
});

describe("the colors", () => {
  it("grow darker with size, on either side, and differ in more than redness and greenness", () => {
    const luminance = ([r, g, b]: readonly number[]): number => 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    for (const side of [-1, 1]) {
      const along = [0, 0.2, 0.4, 0.6, 0.8, 1].map((t) => luminance(colorOf(side * t)));
      expect(along).toEqual([...along].sort((a, b) => b - a));
      expect(new Set([0, 0.2, 0.4, 0.6, 0.8, 1].map((t) => colorOf256(side * t))).size).toBe(6);
    }
    for (const t of [0.25, 0.5, 0.75, 1]) {
      const [[red, , blue], [otherRed, , otherBlue]] = [colorOf(t), colorOf(-t)];
      expect(red).toBeGreaterThan(otherRed + 50);
      expect(otherBlue).toBeGreaterThan(blue + 50);
    }
  });

  it("end where the scale ends", () => {
    expect(colorOf(7)).toEqual(colorOf(1));
    expect(colorOf256(-7)).toBe(colorOf256(-1));
  });
});

describe("a tensor's positions", () => {
  const stepOf = (tensor: string): FunctionStep => functionSteps.find(({ id }) => id === `d${tensor}`)!;
  const of = (shape: number[], name: string, expected = shape): Matrix =>
    matrixOf(tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape), stepOf(name), expected, labels);

  it("are named by characters, examples with their labels, neurons and numbers", () => {
    const logits = of([2, 27], "logits");
    expect(logits.rows).toMatchObject({ marks: ["a", "m"], numbered: true });
    expect(logits.columns.marks!.join("")).toBe(".abcdefghijklmnopqrstuvwxyz");
    expect(of([27, 2], "C").rows.marks).toHaveLength(27);
    expect(of([2, 5], "h").columns).toEqual({ name: "neurons", size: 5, numbered: true });
  });

  it("in three dimensions form a matrix, with the characters of the context as groups", () => {
    const emb = of([2, 3, 2], "emb");
    expect([emb.rows.size, emb.columns.size]).toEqual([2, 6]);
    expect(emb.columns.groups).toEqual({ length: 2, names: ["char 1", "char 2", "char 3"] });
  });

  it("in a column or a vector form a row, and a scalar is a single position", () => {
    const maxes = of([2, 1], "logit_maxes");
    expect([maxes.rows.size, maxes.columns.marks]).toEqual([1, ["a", "m"]]);
    expect(of([27], "b2").columns.marks).toHaveLength(27);
    expect([of([], "b2", [27]).rows.size, of([], "b2", [27]).columns.size]).toEqual([1, 1]);
  });

  it("in a tensor of a wrong shape are named by the sizes that its extents equal", () => {
    const turned = of([27, 2], "logits", [2, 27]);
    expect([turned.rows.marks?.length, turned.columns.marks]).toEqual([27, ["a", "m"]]);
    expect(of([4, 9], "logits", [2, 27]).columns).toEqual({ name: "", size: 9, numbered: true });
  });
});

/** Two rows that sum to zero, blue at the labels a and m. */
const rows = (x: number): Tensor => {
  const values = new Float32Array(54).fill(x);
  values[1] = -26 * x;
  values[27 + 13] = -26 * x;
  return tensor(values, [2, 27]);
};
const draw = (answer: Tensor | undefined, verdict: "wrong" | "not-started" | "threw" = "wrong"): Drawing =>
  drawingOf(
    stepOf("dlogits") as FunctionStep,
    { verdict },
    { on: "lecture", ...labels, reference: rows(0.5), answer },
    "ours",
  );

describe("a step's drawing", () => {
  it("shows your gradient, the reference and the difference, and says what can be seen", () => {
    const { panels, remarks } = draw(rows(0.75));
    expect(panels.map(({ title, scale }) => [title, scale])).toEqual([
      ["yours [2, 27]", 19.5],
      ["reference [2, 27]", 19.5],
      ["difference, yours - reference", 6.5],
    ]);
    expect(remarks).toEqual([
      "yours: the most negative value of a row is at the character that comes next in 2 of 2 rows",
      "yours: every row sums to 0, within rounding; the largest row sum is 0, in row 0",
    ]);
  });

  it("says how many rows do not sum to zero, and how many labels are missed", () => {
    const wrong = rows(0.5).set(1, 13, 0).set(1, 20, -1);
    expect(draw(wrong).remarks).toEqual([
      "yours: the most negative value of a row is at the character that comes next in 1 of 2 rows",
      "yours: 1 of 2 rows do not sum to 0; the largest row sum is 11.5, in row 1",
    ]);
  });

  it("of C says which characters no context contains, and whether their rows are 0", () => {
    // the contexts of this batch contain ., a and b
    const reference = tensor(new Float32Array(54), [27, 2]).set(1, 0, 0.5);
    const of = (answer: Tensor): readonly string[] =>
      drawingOf(
        stepOf("dC") as FunctionStep,
        { verdict: "wrong" },
        { on: "lecture", ...labels, reference, answer },
        "ours",
      ).remarks;
    expect(of(reference)).toEqual([
      "yours: no context contains c d e f g h i j k l m n o p q r s t u v w x y z, and these rows are 0",
    ]);
    expect(of(reference.clone().set(25, 1, 0.5))).toEqual(["yours: no context contains y, but these rows are not 0"]);
  });

  it("gives each panel its own scale if one would be white on the other's, and says so", () => {
    const { panels, remarks } = draw(rows(16));
    expect(panels.map(({ scale }) => scale)).toEqual([416, 13, 403]);
    expect(remarks[0]).toBe(
      "yours and the reference have different scales: the largest value of yours is 32 times that of the reference",
    );
  });

  it("shows what it can: without an answer, with a wrong or an empty shape, with NaN", () => {
    const notesOf = (drawing: Drawing): unknown[] => drawing.panels.map(({ matrix, notes }) => matrix ? "drawn" : notes[0]); // prettier-ignore
    expect(notesOf(draw(undefined, "not-started"))).toEqual(["not started", "drawn", "needs your answer"]);
    expect(notesOf(draw(undefined, "threw"))).toEqual([
      "threw: there is no tensor to draw",
      "drawn",
      "needs your answer",
    ]);
    const mismatch = (shape: string): string => `${shape} and [2, 27] do not match element by element`;
    expect(notesOf(draw(tensor([1, 2])))).toEqual(["drawn", "drawn", mismatch("[2]")]);
    expect(notesOf(draw(tensor([], [0, 27])))).toEqual(["holds no numbers", "drawn", mismatch("[0, 27]")]);
    const spoilt = draw(rows(0.5).set(0, 0, NaN));
    expect(spoilt.panels.map(({ notes }) => notes)).toEqual([
      ["? is NaN or infinite: 1 of 54"],
      [],
      ["? is NaN or infinite: 1 of 54"],
    ]);
    expect(spoilt.remarks[0]).toMatch(/^reference: the most negative/);
    expect(draw(rows(0.5)).panels[2]!.notes).toEqual(["0 everywhere"]);
  });

  it("fits in 80 and 40 columns, and shows all panels side by side in 120", () => {
    for (const colors of ["24bit", "256", "none"] as const) {
      for (const columns of [40, 80, 120]) {
        const lines = stripVTControlCharacters(terminalDrawing(draw(rows(0.75)), columns, colors)).split("\n");
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
        const together = lines.some((line) => /yours .*reference .*difference/.test(line));
        expect(together).toBe(columns === 120);
      }
    }
  });

  it("can be read without colors", () => {
    expect(terminalDrawing(draw(rows(1)), 80, "none")).toBe(`8 dlogits, the gradient of logits on the lecture's batch
down: examples, with the character that comes next
across: characters
negative - = #, positive + * @: 1/20, 1/3, 2/3 of the scale; . less; blank 0

yours [2, 27]                     reference [2, 27]
    .abcdefghijklmnopqrstuvwxyz       .abcdefghijklmnopqrstuvwxyz
0 a .#.........................   0 a .=.........................
1 m .............#.............   1 m .............=.............
scale: # -26, @ 26                scale: # -26, @ 26

difference, yours - reference
    .abcdefghijklmnopqrstuvwxyz
0 a .#.........................
1 m .............#.............
scale: # -13, @ 13

yours: the most negative value of a row is at the character that comes next in
  2 of 2 rows
yours: every row sums to 0, within rounding; the largest row sum is 0, in row 0
`);
  });
});

describe("the SVG", () => {
  const svg = (drawing: Drawing): string => {
    const text = svgDrawing(drawing);
    expect(problemOfXml(text)).toBeUndefined();
    expect(text).not.toMatch(/NaN(?! or)|undefined|foreignObject|<script|href|@import|url\(/);
    return text;
  };

  it("has the three panels, the axes' labels, the scale, and a description for readers who cannot see it", () => {
    const text = svg(draw(rows(0.75)));
    for (const title of ["yours [2, 27]", "reference [2, 27]", "difference, yours - reference"]) {
      expect(text).toContain(`font-weight="bold">${title}</text>`);
    }
    expect(text.match(/>0 a<\/text>/g)).toHaveLength(3);
    expect(text.match(/>z<\/text>/g)).toHaveLength(3);
    expect(text).toContain(">-19.5</text>");
    expect(text).toMatch(/<title id="title">8 dlogits, the gradient of logits/);
    expect(text).toMatch(/<desc id="desc">yours \[2, 27\]; largest size 19\.5\. .*every row sums to 0/);
  });

  it("paints each position in the color of its value", () => {
    const [first] = svg(draw(rows(0.75))).match(/<g transform="translate\(\d+ \d+\)">\n<rect [^]*?<\/g>/)!;
    // row 0, column "a", in the darkest blue, with a minus
    expect(first).toMatch(/<path fill="#053061" d="M14 0h14v14h-14zM182 14h14v14h-14z"\/>/);
    expect(first).toMatch(/<path fill="none" stroke="#ffffff" stroke-width="1.5" d="M18.2 7h5.6M186.2 21h5.6"\/>/);
  });

  it("is complete for NaN, zeros, wrong shapes, and without an answer", () => {
    const nothing = svg(draw(undefined, "threw"));
    expect(nothing).toContain("threw: there is no tensor to draw");
    const spoilt = svg(draw(rows(0.5).set(0, 0, NaN).set(1, 5, -Infinity)));
    expect(spoilt.match(/>\?<\/text>/g)).toHaveLength(4);
    expect(svg(draw(rows(0)))).toContain("0 everywhere");
    svg(draw(tensor([], [0, 27])));
    svg(draw(tensor(3)));
    expect(svg(draw(tensor(new Float32Array(4000).fill(1), [2, 2000])))).toContain(
      "each place shows 1 by 13 values: the one largest in size",
    );
  });

  it("escapes characters that have a meaning in XML", () => {
    const drawing = { ...draw(rows(0.75)), title: `a < b & "c" > d` };
    expect(svg(drawing)).toContain("a &lt; b &amp; &quot;c&quot; &gt; d");
  });
});

describe("the check of XML that these tests use", () => {
  it("rejects text that is not well-formed", () => {
    expect(problemOfXml("<a><b/></a>\n")).toBeUndefined();
    for (const text of [
      "<a>",
      "<a></b>",
      "<a></a><b/>",
      '<a x="1" x="2"/>',
      "<a>&nbsp;</a>",
      "<a>1 < 2</a>",
      "<a x=1/>",
      "<a/>b",
    ]) {
      // prettier-ignore
      expect(problemOfXml(text), text).toBeDefined();
    }
  });
});

describe("a matrix for the screen", () => {
  it("is a pixel per value, blue below zero and orange above it, on light and dark grounds", () => {
    for (const theme of ["light", "dark"] as const) {
      const pixels = [...pixelsOf(three.values, 1, theme)];
      expect(pixels.length).toBe(4 * three.values.length);
      const at = (i: number): number[] => pixels.slice(4 * i, 4 * i + 4);
      expect(at(0)).toEqual([...colorOf(-1, theme), 255]);
      expect(at(1)).toEqual([...colorOf(0, theme), 255]);
      expect(at(2)).toEqual([...colorOf(1, theme), 255]);
      const [red, , blue] = at(4);
      expect(blue).toBeGreaterThan(red!);
    }
  });

  it("is grey where a value is not finite, and as strong as its scale allows beyond it", () => {
    const [nan, infinite, large] = [NaN, Infinity, 5].map((x) => pixelOf(x, 1, "light"));
    expect(new Set(nan).size).toBe(1);
    expect(infinite).toEqual(nan);
    expect(large).toEqual(colorOf(1));
    expect(pixelOf(0, 0, "light")).toEqual(colorOf(0));
  });

  it("has the sums of its rows and columns", () => {
    expect([...rowSums(three)].map((x) => Number(x.toFixed(6)))).toEqual([0, 0.01, 1]);
    expect([...columnSums(three)].map((x) => Number(x.toFixed(6)))).toEqual([-0.3, -0.7, 2.01]);
  });
});
