/**
 * The commands of those who take the course. They have a script of their own, see launch.mjs: it starts sooner than one
 * that also has what writes pages, archives and tables.
 */
export const learnerNames = /** @type {const} */ ([
  "grade",
  "watch",
  "list",
  "quiz",
  "hint",
  "mistakes",
  "diff",
  "solution",
  "recap",
  "play",
  "debug",
  "reset",
  "train",
  "lab",
]);
