/** What a color is for. A picture names tones; a theme gives each its color. */
export type Tone =
  | /** The ground that everything is drawn on. */ "paper"
  | /** The ground of a box that is neither value nor gradient. */ "panel"
  | /** Text and strong lines. */ "ink"
  | /** Captions. */ "quiet"
  | /** Thin lines between cells. */ "rule"
  | /** Arrows and axes. */ "wire"
  | /** Forward values, and the ground of their boxes. */ "value"
  | "valueGround"
  | /** Gradients, and the ground of their boxes. */ "gradient"
  | "gradientGround"
  | /** What is used more than once, and the ground of its boxes. */ "shared"
  | "sharedGround";

/** The colors of a picture, as #rrggbb. */
export type Theme = Readonly<Record<Tone, string>>;

export type ThemeName = "light" | "dark";

/**
 * The colors on GitHub's and VS Code's light and dark grounds. Text has a contrast of at least 4.5 on every ground that
 * it is drawn on, and wires of 3 on paper; blue and red also differ for readers who cannot tell red from green.
 */
export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    paper: "#ffffff",
    panel: "#f6f8fa",
    ink: "#1f2328",
    quiet: "#59636e",
    rule: "#c4ccd4",
    wire: "#7d8794",
    value: "#0550ae",
    valueGround: "#e3f2ff",
    gradient: "#b3261e",
    gradientGround: "#ffeceb",
    shared: "#7a4b00",
    sharedGround: "#fff3c4",
  },
  dark: {
    paper: "#0d1117",
    panel: "#161b22",
    ink: "#f0f6fc",
    quiet: "#9aa4af",
    rule: "#3d444d",
    wire: "#7d8590",
    value: "#79c0ff",
    valueGround: "#10233d",
    gradient: "#ff9a92",
    gradientGround: "#3a1a1c",
    shared: "#e8b93e",
    sharedGround: "#2f2608",
  },
};

/** The grounds that text of each tone is drawn on. */
export const grounds = {
  ink: ["paper", "panel", "valueGround", "gradientGround", "sharedGround"],
  quiet: ["paper", "panel"],
  value: ["paper", "panel", "valueGround"],
  gradient: ["paper", "panel", "gradientGround"],
  shared: ["paper", "panel", "sharedGround"],
} as const satisfies Partial<Record<Tone, readonly Tone[]>>;

/** A tone that text can have. */
export type TextTone = keyof typeof grounds;
