/** What Node does for the page: a program of its own, which only the commands that need it load. */
export { buildPage, isOfPage, pageSources } from "./build.ts";
export { serve } from "./serve.ts";
export { answerForFolder } from "./folder/answers.ts";
export { openInBrowser } from "./folder/open.ts";
