import { svgPicture } from "../../report/picture/svg.ts";
import { themes, type ThemeName } from "../../report/picture/theme.ts";
import { parts } from "../steps.ts";
import { blockPicture } from "./block.ts";
import { broadcastPicture } from "./broadcast.ts";
import { chainPicture } from "./chain.ts";
import { clippingPicture } from "./clipping.ts";
import { directionPicture } from "./direction.ts";
import { graphPicture } from "./graph.ts";
import type { LessonPicture } from "./lesson-picture.ts";
import { lookupPicture } from "./lookup.ts";
import { batchnormPicture } from "./batchnorm.ts";
import { productPicture } from "./product.ts";
import { pushesPicture } from "./pushes.ts";
import { tanhPicture } from "./tanh.ts";
import { usesPicture } from "./uses.ts";

/** The pictures of the lessons. */
export const lessonPictures: readonly LessonPicture[] = [
  chainPicture,
  broadcastPicture,
  productPicture,
  tanhPicture,
  graphPicture,
  batchnormPicture,
  lookupPicture,
  pushesPicture,
  usesPicture,
  blockPicture,
  clippingPicture,
  directionPicture,
];

/** A picture's file, from the root of exercises/. */
export function pictureFile({ name, part }: Pick<LessonPicture, "name" | "part">, theme: ThemeName): string {
  return `${parts[part]}/pictures/${name}-${theme}.svg`;
}

/** Every file of the pictures and its text, from the root of exercises/. */
export function pictureFiles(): ReadonlyMap<string, string> {
  const themeNames = Object.keys(themes) as ThemeName[];
  return new Map(
    lessonPictures.flatMap((picture) => {
      const drawn = picture.draw();
      return themeNames.map((theme): [string, string] => [
        pictureFile(picture, theme),
        svgPicture(drawn, themes[theme]),
      ]);
    }),
  );
}
