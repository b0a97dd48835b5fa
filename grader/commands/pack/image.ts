import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../runner/project.ts";
import { graderFiles } from "./grader-files.ts";
import { inFolder, type Pack, type PackedFile } from "./pack.ts";

/** The folder that an image is built from, which grades classes. */
export async function imagePack(): Promise<Pack> {
  const recipe: PackedFile = {
    bytes: readFileSync(path.join(projectRoot, "recipes", "Containerfile")),
    isProgram: false,
  };
  return {
    files: new Map([["Containerfile", recipe], ...inFolder("dojo", await graderFiles())]),
    next: [
      "Build the image in that folder: podman build --tag backprop-dojo . (docker build -f Containerfile does the same)",
      "Kubernetes and AWS Batch run it with recipes/kubernetes.yaml and recipes/aws-batch.yaml.",
    ],
  };
}
