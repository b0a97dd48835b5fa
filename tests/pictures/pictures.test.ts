import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makemore } from "../../grader/course/makemore/network.ts";
import { namesOfPictures, withPictures } from "../../grader/course/pictures/in-lessons.ts";
import { lessonPictures, pictureFile, pictureFiles } from "../../grader/course/pictures/index.ts";
import { functionSteps, parts } from "../../grader/course/steps.ts";
import { anchorOf, headingsOf } from "../../grader/kit/lesson.ts";
import { edgesOf, flat, WIDTH, type TextMark } from "../../grader/report/picture/marks.ts";
import { themes, type ThemeName } from "../../grader/report/picture/theme.ts";
import { exercisesFolder } from "../../grader/runner/project.ts";
import type * as ofCopy from "../../grader/runner/workspace/pictures.ts";
import { stalePictures } from "../../grader/runner/workspace/pictures.ts";
import { linesUsing } from "../../grader/network/line.ts";
import { stepOf } from "../trees.ts";
import { withCopy } from "../copies.ts";
import { problemOfXml } from "../report/xml.ts";

const lessons = Object.values(parts).map((folder) => ({
  folder,
  text: readFileSync(path.join(exercisesFolder, folder, "README.md"), "utf8"),
}));
const files = pictureFiles();
const themeNames = Object.keys(themes) as ThemeName[];

describe("the lessons' pictures", () => {
  it("are what the lines and the numbers give: npm run check -- --draw writes them", () => {
    expect(stalePictures()).toEqual([]);
  });

  it("have a file for each theme, with the same texts", () => {
    for (const picture of lessonPictures) {
      const texts = themeNames.map((theme) => files.get(pictureFile(picture, theme))!);
      const [light, dark] = texts.map((text) => text.replaceAll(/#[0-9a-f]{6}/g, "#"));
      expect(dark).toBe(light);
      expect(new Set(texts).size, picture.name).toBe(themeNames.length);
    }
  });

  it("are each in a lesson", () => {
    const shown = new Set(lessons.flatMap(({ text }) => namesOfPictures(text)));
    expect([...shown].sort()).toEqual(lessonPictures.map(({ name }) => name).sort());
  });

  it("are well-formed, and refer to no other file", () => {
    for (const [file, text] of files) {
      expect(problemOfXml(text), file).toBeUndefined();
      expect(text, file).not.toMatch(/<(image|use|style|script|foreignObject)\b|url\(/);
    }
  });

  it("link to sections that exist, and a block's tensors to their steps", () => {
    const places = new Set(
      lessons.flatMap(({ folder, text }) =>
        headingsOf(text).map(({ title }) => `${folder}/README.md#${anchorOf(title)}`),
      ),
    );
    const linksOf = (file: string): string[] =>
      [...files.get(file)!.matchAll(/<a href="([^"]+)">/g)].map(([, to]) => path.posix.join(path.dirname(file), to!));
    for (const file of files.keys()) expect(linksOf(file).filter((to) => !places.has(to))).toEqual([]);
    const ofBlock = linksOf(`${parts[8]}/pictures/block-light.svg`);
    for (const id of ["dy_0", "dln1_0"]) expect(ofBlock).toContain(stepOf(id).lesson);
  });

  it.each(lessons)("are found from the lesson of $folder, and have a text for whom they cannot be shown", (lesson) => {
    const { folder, text } = lesson;
    const elements = [...text.matchAll(/^<picture>\n([^]*?)\n<\/picture>$/gm)].map(([, inner]) => inner!);
    expect(elements).toHaveLength(namesOfPictures(text).length);
    for (const element of elements) {
      const addresses = [...element.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, address]) => address!);
      expect(addresses).toHaveLength(themeNames.length);
      for (const address of addresses)
        expect(existsSync(path.join(exercisesFolder, folder, address)), address).toBe(true);
      expect(/ alt="([^"]+)"/.exec(element)?.[1]?.length).toBeGreaterThan(60);
    }
  });
});

describe("a picture that is out of date is found", () => {
  it("among the files, as is one that no lesson has, and drawing mends both", async () => {
    await withCopy(async (root) => {
      const there = (file: string): string => path.join(root, "exercises", file);
      const [first, second] = [...files.keys()] as [string, string];
      const stray = `${parts[0]}/pictures/stray-light.svg`;
      writeFileSync(there(first), files.get(second)!);
      rmSync(there(second));
      writeFileSync(there(stray), "<svg/>");
      const copy = (await import(path.join(root, "grader/runner/workspace/pictures.ts"))) as typeof ofCopy;
      const isNamed = (file: string) => expect.stringContaining(`exercises/${file} is `);
      expect(copy.stalePictures()).toEqual([first, second, stray].map(isNamed));
      expect(copy.drawPictures()).toEqual([first, second, stray].map((file) => expect.stringContaining(file)));
      expect(copy.stalePictures()).toEqual([]);
      expect(readFileSync(there(first), "utf8")).toBe(files.get(first));
      expect(existsSync(there(stray))).toBe(false);
    });
  });

  const [lesson] = lessons.filter(({ text }) => namesOfPictures(text).length > 0);
  const { folder, text } = lesson!;

  it("in a lesson whose text for it was changed", () => {
    const changed = text.replace(/ alt="[^"]{5}/, ' alt="Other');
    expect(changed).not.toBe(text);
    expect(withPictures(changed, folder)).toBe(text);
  });

  it("in a lesson that only names it", () => {
    const bare = text.replaceAll(/\n<picture>\n[^]*?\n<\/picture>\n/g, "");
    expect(bare).not.toContain("<picture>");
    expect(withPictures(bare, folder)).toBe(text);
  });

  it("if a lesson names one that there is not", () => {
    expect(() => withPictures("<!-- picture: none -->\n", folder)).toThrow('no picture is called "none"');
  });
});

describe.each(lessonPictures.map((picture) => ({ name: picture.name, ...picture.draw() })))(
  "the picture $name",
  ({ marks, height }) => {
    const all = flat(marks);
    const texts = all.filter((mark) => mark.kind === "text");

    it("has all of its texts and boxes within its edges", () => {
      const outside = all.filter((mark) => {
        if (mark.kind === "path") return false;
        const [left, top, right, bottom] = edgesOf(mark);
        return left < 0 || top < 0 || right > WIDTH || bottom > height;
      });
      expect(outside).toEqual([]);
      expect(texts.length).toBeGreaterThan(5);
    });

    it("has no two texts that overlap", () => {
      const found = texts.flatMap((one, i) =>
        texts.slice(i + 1).flatMap((other) => (overlap(one, other) ? [`${one.text} and ${other.text}`] : [])),
      );
      expect(found).toEqual([]);
    });
  },
);

function overlap(one: TextMark, other: TextMark): boolean {
  const [a, b] = [edgesOf(one), edgesOf(other)];
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

describe("the graph", () => {
  const svg = files.get("1-step-by-step/pictures/graph-light.svg")!;
  const links = [...svg.matchAll(/<a href="([^"]+)"><title>([^<]+)<\/title>([^]*?)<\/a>/g)].map(
    ([, to, title, inner]) => ({
      to: to!,
      title: title!,
      texts: [...inner!.matchAll(/>([^<>\n]+)</g)].map(([, text]) => text!),
    }),
  );
  const nodeOf = (name: string) => links.find(({ texts }) => texts.includes(name));

  it("has a node for each line, with its shape, and for each tensor that is read", () => {
    for (const { output, inputs, shape } of makemore.lines) {
      for (const name of [output, ...inputs]) expect(nodeOf(name), name).toBeDefined();
      if (shape.length > 0) expect(nodeOf(output)!.texts).toContain(`[${shape.join(", ")}]`);
    }
    expect(links).toHaveLength(new Set(makemore.lines.flatMap(({ output, inputs }) => [output, ...inputs])).size);
  });

  it("has an arrow for each use of a tensor", () => {
    const uses = makemore.lines.reduce((sum, { inputs }) => sum + inputs.length, 0);
    const heads = [...svg.matchAll(/<path d="[^"]*Z" fill="#[0-9a-f]{6}"/g)];
    expect(heads).toHaveLength(uses);
  });

  it("marks the tensors that are used twice, and no others", () => {
    const names = new Set(makemore.lines.flatMap(({ inputs }) => inputs as readonly string[]));
    const shared = [...names].filter((name) => linesUsing(makemore.lines, name).length === 2);
    expect(shared).toHaveLength(4);
    const marked = [...names].filter((name) => nodeOf(name)!.texts.includes("×2"));
    expect(marked).toEqual(shared);
  });

  it("links each tensor to the section of its step, which exists", () => {
    const lesson = lessons.find(({ folder }) => folder === parts[1])!;
    const anchors = new Set(headingsOf(lesson.text).map(({ title }) => `../README.md#${anchorOf(title)}`));
    expect(links.filter(({ to }) => !anchors.has(to))).toEqual([]);
    for (const { tensor, id, label } of functionSteps.filter(({ part }) => part === 1)) {
      expect(nodeOf(tensor)!.to).toBe(`../README.md#${anchorOf(`${label}. ${id}`)}`);
    }
  });
});
