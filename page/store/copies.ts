import type { Desk } from "./desk.ts";
import type { WorkActions } from "./work.ts";
import type { Copy } from "./zip.ts";

/** Loaded when it is needed: few visits bring in anything. */
const copying = () => import("./zip.ts");

/** Copies of all texts: out, and in. */
export function copyActions({
  stubs,
  store,
  say,
}: Desk): Pick<WorkActions, "saveCopy" | "bringInZip" | "bringInFolder"> {
  const files = Object.keys(stubs);
  const take = async (copying: Promise<Copy>): Promise<string> => {
    const [copy, { bringIn, broughtInWords }] = await Promise.all([copying, import("./bring-in.ts")]);
    return broughtInWords(bringIn(copy, store, stubs));
  };
  return {
    saveCopy() {
      store.flush();
      const texts = files.map((file) => [file, store.own(file) ?? { text: stubs[file]!, time: 0 }] as const);
      say(
        copying().then(({ zipOf }) => {
          download(zipOf(new Map(texts)), "backprop-dojo.zip");
          return "A copy of all steps was saved as backprop-dojo.zip, among your downloads.";
        }),
      );
    },
    bringInZip: (zip) => say(copying().then(({ readZip }) => take(readZip(zip, files)))),
    bringInFolder: (chosen) => say(copying().then(({ readChosen }) => take(readChosen(chosen, files)))),
  };
}

function download(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
