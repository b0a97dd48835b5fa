import { paint, type Painting } from "./paint.ts";

/** What each canvas shows; canvases are painted again when their size changes. */
const paintings = new WeakMap<Element, Painting>();

const resized =
  typeof ResizeObserver === "undefined"
    ? undefined
    : new ResizeObserver((entries) => {
        for (const { target } of entries) {
          const painting = paintings.get(target);
          if (painting) paint(target as HTMLCanvasElement, painting);
        }
      });

/** Makes a canvas show something, unless it already does. For lit-html's `ref`. */
export function showing(painting: Painting): (canvas: Element | undefined) => void {
  return (canvas) => {
    if (!canvas) return;
    const before = paintings.get(canvas);
    paintings.set(canvas, painting);
    if (!before) resized?.observe(canvas);
    else if (!isSame(before, painting)) paint(canvas as HTMLCanvasElement, painting);
  };
}

function isSame(a: Painting, b: Painting): boolean {
  return (Object.keys(a) as (keyof Painting)[]).every((key) => a[key] === b[key]);
}
