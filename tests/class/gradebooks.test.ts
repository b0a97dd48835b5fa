import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { rowMaker } from "../../grader/class/merge/view.ts";
import type { SubmissionRecord } from "../../grader/class/record.ts";
import { steps } from "../../grader/course/steps.ts";
import { canvas } from "../../grader/report/class/canvas.ts";
import { fillGradebook, type FilledGradebook, type Platform } from "../../grader/report/class/fill.ts";
import { moodle } from "../../grader/report/class/moodle.ts";
import { madeClass } from "./made-records.ts";
import { merged, withClasses } from "./merged.ts";

const made = madeClass(12);
const rowsOf = (records: readonly SubmissionRecord[]): ReturnType<ReturnType<typeof rowMaker>>[] =>
  records.map(rowMaker(steps));

/** The points of the first submissions of the class: Ada, Alan, Grace, Emmy. */
const [ada, alan, grace, emmy] = made.records.map(({ points }) => points.earned) as [number, number, number, number];

/** A gradebook as Canvas writes it: marks, quotes, a test student, columns that only Canvas fills. */
const canvasBook = [
  "Student,ID,SIS User ID,SIS Login ID,Section,Essay (70),Backprop Dojo (77),Final Score",
  ",,,,,Manual Posting,,",
  "    Points Possible,,,,,100,45,(read only)",
  '"Lovelace, Ada",1000,U-1,ada,"CS 231n, Monday",90,,',
  '"Turing, Alan",1001,U-2,alan,Monday,,"",71.5',
  '"Hopper, ""Amazing"" Grace",1002,U-3,grace,Monday,,12,',
  '"Noether, Emmy",1003,U-4,emmy,Monday,,EX,',
  '"Müller, Jörg",5555,U-9,joerg,Tuesday,,,',
  '"Student, Test",999,,test,Monday,,,',
  "",
];

const moodleBook = [
  "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments",
  'Participant 1000,Ada Lovelace,s1@example.org,Submitted for grading,,45.00,Yes,"Friday, 20 November 2026, 3:10 PM",-,""',
  "Participant 1001,Alan Turing,s2@example.org,Submitted for grading,3.00,45.00,No,-,-,",
  "Participant 1002,Grace Hopper,s3@example.org,Submitted for grading,,45.00,Yes,-,-,",
  "Participant 7777,Jörg Müller,j@example.org,No submission,,45.00,Yes,-,-,",
  "",
];

const four = made.records.slice(0, 4);
const three = made.records.slice(0, 3);

function fill(platform: Platform, book: string | Uint8Array, records = four, column?: string): FilledGradebook {
  return fillGradebook(platform, typeof book === "string" ? Buffer.from(book) : book, rowsOf(records), column);
}

const textOf = ({ bytes }: FilledGradebook): string => Buffer.from(bytes).toString();

/** The book with another last cell of some lines. */
function expected(
  book: readonly string[],
  changes: Readonly<Record<number, [was: string, now: string]>>,
  end: string,
): string {
  return book.map((line, i) => (changes[i] ? line.replace(...changes[i]) : line)).join(end);
}

describe("Canvas' gradebook", () => {
  const filledLines: Record<number, [string, string]> = {
    3: [",90,,", `,90,${ada},`],
    4: [',"",71.5', `,"${alan}",71.5`],
    5: [",,12,", `,,${grace},`],
  };

  it.each([
    ["as it is on Linux", "\n"],
    ["with the line ends of Windows", "\r\n"],
  ])("%s gets points by its own numbers, and every other byte stays", (_, end) => {
    const filled = fill(canvas, canvasBook.join(end));
    expect(textOf(filled)).toBe(expected(canvasBook, filledLines, end));
    expect(filled.filled).toBe(3);
    expect(filled.remarks).toEqual([
      "Emmy Noether: excused (EX), left as it is",
      "in the gradebook without a result, left as they are: Müller, Jörg",
    ]);
  });

  it("keeps its byte order mark, its semicolons and bytes that are no UTF-8", () => {
    const body = canvasBook.join("\n").replaceAll(",", ";").replaceAll('"CS 231n; Monday"', '"CS 231n; \u0001"');
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body)]);
    bytes[bytes.indexOf(0x01)] = 0xff;
    const { bytes: filled } = fill(canvas, bytes);
    const back = Buffer.from(filled);
    expect([...back.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(back.includes(0xff)).toBe(true);
    const { length } = Buffer.from(`${ada}${alan}${grace}`);
    expect(back.length).toBe(bytes.length + length - "12".length);
  });

  it("keeps UTF-16, as spreadsheets save it", () => {
    const bytes = Buffer.from(`\ufeff${canvasBook.join("\r\n")}`, "utf16le");
    const { bytes: filled } = fill(canvas, bytes);
    expect(Buffer.from(filled).toString("utf16le")).toBe(`\ufeff${expected(canvasBook, filledLines, "\r\n")}`);
  });

  it("finds people by login, institution's id, email or name where the number is not theirs", () => {
    const from = (id: string, change: object): SubmissionRecord => {
      const record = made.records.find(({ submission }) => submission.people[0]!.name === id)!;
      const [person] = record.submission.people;
      const people = [{ ...person!, id: "x", email: null, login: null, ...change }];
      return { ...record, submission: { ...record.submission, source: "folder", people } };
    };
    const records = [
      from("Ada Lovelace", { name: null, login: "ADA" }),
      from("Alan Turing", { name: null, id: "U-2" }),
      from("Grace Hopper", { name: "Hopper, amazing Grace" }),
    ];
    expect(textOf(fill(canvas, canvasBook.join("\n"), records))).toBe(expected(canvasBook, filledLines, "\n"));
    // as Canvas' downloads write names: sortable, small letters, nothing else
    const bare = [from("Ada Lovelace", { name: "lovelaceada" })];
    expect(textOf(fill(canvas, canvasBook.join("\n"), bare))).toBe(expected(canvasBook, { 3: filledLines[3]! }, "\n"));
  });

  it("tells two people with one name apart by nothing, fills neither and says so", () => {
    const twins = [...canvasBook.slice(0, -1), '"Lovelace, Ada",2000,U-0,ada2,Monday,,,', ""].join("\n");
    const [first, ...others] = four as [SubmissionRecord, ...SubmissionRecord[]];
    const person = { id: "x", name: "Ada Lovelace", email: null, login: null };
    const nameless: SubmissionRecord = {
      ...first,
      submission: { ...first.submission, source: "folder", people: [person] },
    };
    const filled = fill(canvas, twins, [nameless, ...others]);
    expect(textOf(filled).split("\n")[3]).toBe(canvasBook[3]);
    expect(filled.remarks[1]).toBe("not in the gradebook, or not told apart there: Ada Lovelace");
  });

  it("gives nobody the points of a namesake", () => {
    // Ada Lovelace is in the gradebook with another of Canvas' numbers: she is another Ada Lovelace
    const other = canvasBook.join("\n").replace(",1000,U-1,ada,", ",2000,U-0,ada2,");
    const filled = fill(canvas, other);
    expect(textOf(filled).split("\n")[3]).toContain(",2000,U-0,ada2,");
    expect(textOf(filled).split("\n")[3]).toMatch(/,90,,$/);
    expect(filled.remarks).toContain("not in the gradebook, or not told apart there: Ada Lovelace");
    // beside the right one she takes nothing from her, and is no second submission of hers
    const [first, ...others] = four as [SubmissionRecord, ...SubmissionRecord[]];
    const people = [{ ...first.submission.people[0]!, id: "2000", email: null, login: null }];
    const namesake = { ...first, submission: { ...first.submission, id: "ada-2", people } };
    const both = fill(canvas, canvasBook.join("\n"), [namesake, first, ...others]);
    expect(textOf(both)).toBe(expected(canvasBook, filledLines, "\n"));
  });

  it("finds people by the login that begins their email address, if it has no email addresses", () => {
    const records = three.map((record, i) => {
      const email = `${["ada", "alan", "grace"][i]}@example.edu`;
      const people = [{ id: email, name: null, email, login: null }];
      return { ...record, submission: { ...record.submission, source: "prairielearn" as const, people } };
    });
    expect(textOf(fill(canvas, canvasBook.join("\n"), records))).toBe(expected(canvasBook, filledLines, "\n"));
  });

  it("leaves a grade as it is where the submission could not be graded", () => {
    const [first, ...others] = four as [SubmissionRecord, ...SubmissionRecord[]];
    const broken = {
      ...first,
      steps: [],
      points: { earned: 0, possible: 45 },
      problem: { id: "no-steps", message: "none" },
    };
    const filled = fill(canvas, canvasBook.join("\n"), [broken, ...others]);
    expect(textOf(filled).split("\n")[3]).toBe(canvasBook[3]);
    expect(filled.remarks).toContain("Ada Lovelace could not be graded: left as it is");
  });

  it("gives each person of a group the group's points", () => {
    const [first, second] = four as [SubmissionRecord, SubmissionRecord];
    const people = [...first.submission.people, ...second.submission.people];
    const group = { ...first, submission: { ...first.submission, people } };
    const lines = textOf(fill(canvas, canvasBook.join("\n"), [group])).split("\n");
    expect(lines[3]).toContain(`,90,${ada},`);
    expect(lines[4]).toContain(`,"${ada}",71.5`);
  });

  it("takes the newer of two submissions, and none if that is not known", () => {
    const [first] = four as [SubmissionRecord];
    const other = (received: string | null): SubmissionRecord => ({
      ...first,
      points: { earned: 1, possible: 45 },
      submission: { ...first.submission, id: "again", received },
    });
    const line = (records: SubmissionRecord[]): string =>
      textOf(fill(canvas, canvasBook.join("\n"), records)).split("\n")[3]!;
    expect(line([first, other("2026-12-24T00:00:00Z")])).toContain(",90,1,");
    expect(line([other("2026-10-01T00:00:00Z"), first])).toContain(`,90,${ada},`);
    expect(line([first, other(null)])).toBe(canvasBook[3]);
  });

  it("says that it is out of other points than the results", () => {
    const { remarks } = fill(canvas, canvasBook.join("\n").replace(",100,45,", ",100,50,"));
    expect(remarks.at(-1)).toBe(
      'Canvas says that "Backprop Dojo (77)" is out of 50, and these results are out of 45: the points are written as they are',
    );
  });

  it("asks for the column if it cannot be told, and takes it by a part of its title", () => {
    const plain = canvasBook.join("\n").replace("Backprop Dojo (77)", "Homework 3 (77)");
    expect(() => fill(canvas, plain)).toThrow(
      'which column should be filled? --column TITLE names it; there are "Essay (70)", "Homework 3 (77)"',
    );
    expect(textOf(fill(canvas, plain, four, "homework 3")).split("\n")[3]).toContain(`,90,${ada},`);
    expect(() => fill(canvas, plain, four, "quiz")).toThrow('"quiz" names no column');
    expect(() => fill(canvas, plain, four, "(7")).toThrow('"(7" names several columns');
  });

  it.each<[string, string, string]>([
    [
      "of another class",
      canvasBook
        .join("\n")
        .replaceAll(/,100([0-3]),U-\d,\w+/g, ",9$1,,zz")
        .replaceAll(/"(?:Lov|Tur|Hop|Noe)/g, '"X'),
      "0 of the 4 people in the results are in it: is it the gradebook of another class?",
    ],
    ["that is none", "a,b,c\n1,2,3\n", "it is not what Canvas exports"],
    ["of Moodle", moodleBook.join("\n"), "it is not what Canvas exports"],
    ["that is empty", "", "it is not what Canvas exports"],
    ["with a quote that does not end", `${canvasBook.join("\n")}"open`, "it cannot be read as CSV"],
    ["without a column for points", "Student,ID,Section\nA,1000,x\n", "it has no column for points"],
  ])("%s is refused", (_, book, problem) => {
    expect(() => fill(canvas, book)).toThrow(problem);
  });

  it("is read back with nothing but points changed, whatever the cells contain", () => {
    const hostile = canvasBook.join("\n").replace("U-1", '"=1+1,""\n\t"');
    const back = parse(textOf(fill(canvas, hostile)), { relax_column_count: true }) as string[][];
    const before = parse(hostile, { relax_column_count: true }) as string[][];
    const changed = back.flatMap((line, i) =>
      line.flatMap((cell, j) => (cell === before[i]![j] ? [] : [[i, j, cell]])),
    );
    expect(changed).toEqual([
      [3, 6, String(ada)],
      [4, 6, String(alan)],
      [5, 6, String(grace)],
    ]);
  });
});

describe("Moodle's worksheet", () => {
  const inMoodle = three.map((record): SubmissionRecord => ({
    ...record,
    submission: { ...record.submission, source: "moodle" },
  }));

  it("gets points by the participant's number, and every other byte stays", () => {
    const filled = fill(moodle, moodleBook.join("\r\n"), inMoodle);
    const changes: Record<number, [string, string]> = {
      1: [",,45.00,", `,${ada},45.00,`],
      3: [",,45.00,", `,${grace},45.00,`],
    };
    expect(textOf(filled)).toBe(expected(moodleBook, changes, "\r\n"));
    expect(filled.remarks).toEqual([
      "Alan Turing: Moodle says that the grade cannot be changed, left as it is",
      "in the gradebook without a result, left as they are: Jörg Müller",
    ]);
  });

  it("of a site in another language has its column named", () => {
    const german = moodleBook
      .join("\n")
      .replace(
        moodleBook[0]!,
        "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar".replaceAll(
          ";",
          ",",
        ),
      )
      .replaceAll("Participant", "Teilnehmer/in");
    expect(() => fill(moodle, german, inMoodle)).toThrow("--column TITLE names it");
    expect(textOf(fill(moodle, german, inMoodle, "Bewertung")).split("\n")[1]).toContain(
      `Submitted for grading,${ada},45.00`,
    );
  });

  it.each<[string, string, string]>([
    [
      "of another class",
      moodleBook.join("\n").replaceAll(/Participant (\d+),[^,]+,[^,]+/g, "Participant 9$1,Nobody,n@n"),
      "is it the gradebook of another class?",
    ],
    ["that is Canvas'", canvasBook.join("\n"), "it is not what Moodle exports"],
    [
      "that is Canvas', with names that end in a digit as Moodle's numbers do,",
      canvasBook.join("\n").replaceAll("Lovelace, Ada", "Lovelace, Ada 2"),
      "it is not what Moodle exports",
    ],
  ])("%s is refused", (_, book, problem) => {
    expect(() => fill(moodle, book, inMoodle)).toThrow(problem);
  });
});

describe("the command", () => {
  it("writes a copy and leaves the exported file as it was", async () => {
    await withClasses({ results: made }, async (folder) => {
      const file = path.join(folder, "exported.csv");
      writeFileSync(file, canvasBook.join("\n"));
      const args = ["results", "--format", "canvas", "--gradebook", "exported.csv"];
      // eight of the twelve are not in it
      const { status, stderr } = await merged([...args, "--output", "filled.csv"], folder);
      expect(status).toBe(2);
      expect(stderr).toContain("exported.csv: 4 of the 12 people in the results are in it");
      const whole = [
        ...canvasBook.slice(0, -1),
        ...made.records.slice(4, 11).map(({ submission }, i) => `Student ${i},${submission.people[0]!.id},,,Monday,,,`),
        "",
      ];
      writeFileSync(file, whole.join("\n"));
      const done = await merged([...args, "--output", "filled.csv"], folder);
      expect(done.status).toBe(0);
      expect(done.stderr).toContain("filled.csv is written (points of 10 students in ");
      expect(readFileSync(file, "utf8")).toBe(whole.join("\n"));
      expect(readFileSync(path.join(folder, "filled.csv"), "utf8")).toContain(`,90,${ada},`);
      const over = await merged([...args, "--output", "exported.csv"], folder);
      expect(over.stderr).toContain("is the gradebook itself");
      expect(emmy).toBeGreaterThanOrEqual(0);
    });
  });
});
