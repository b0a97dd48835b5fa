/**
 * The style of the class page: the colors of the course's own page, light or dark as the reader's system is, always light
 * on paper; a test holds the two together. No state is shown by its color alone.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff;
  --panel: #f6f8fa;
  --ink: #1f2328;
  --quiet: #59636e;
  --rule: #d8dee4;
  --accent: #0550ae;
  --bar: #4f86c6;
  --passed: #b9dfd2;
  --wrong: #b3261e;
  --broken: #d98a00;
  --open: #b6bfc8;
  --changed: #8a5a00;
  --code-keyword: #8250df;
  --code-string: #0a5c2b;
  --code-number: #0550ae;
  --code-function: #6639ba;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117;
    --panel: #161b22;
    --ink: #f0f6fc;
    --quiet: #9aa4af;
    --rule: #2a313a;
    --accent: #79c0ff;
    --bar: #4b89cf;
    --passed: #1d5445;
    --wrong: #ff8279;
    --broken: #e8b93e;
    --open: #4a535d;
    --changed: #e8b93e;
    --code-keyword: #d2a8ff;
    --code-string: #7ee2a8;
    --code-number: #79c0ff;
    --code-function: #d2a8ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto;
  max-width: 68rem;
  padding: 2.5rem clamp(1rem, 4vw, 3rem) 4rem;
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.55 var(--sans);
  overflow-wrap: break-word;
}
a { color: var(--accent); text-underline-offset: 0.15em; }
.map a, .bars a { text-underline-offset: 0.3em; text-decoration-thickness: 1px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: clamp(1.7rem, 5vw, 2.4rem); letter-spacing: -0.015em; margin: 0.1em 0 0.4em; }
h2 { font-size: 1.35rem; margin: 0 0 0.7rem; }
h3 { font-size: 1.05rem; margin: 0 0 0.25rem; }
dl + h3, p + h3 { margin-block-start: 1.2rem; }
p { margin: 0 0 0.8rem; max-width: 44rem; }
code { font-family: var(--mono); font-size: 0.875em; }
b { font-weight: 650; }
.quiet, .of, .label { color: var(--quiet); }
.number, .count, .of, .label, .share b, .much b, dd { font-variant-numeric: tabular-nums; }
.course { margin: 0; color: var(--quiet); font-weight: 600; letter-spacing: 0.01em; }
.lede { font-size: 1.1rem; }
.remarks { margin: 0 0 1rem; padding: 0.7rem 1rem 0.7rem 2rem; border-inline-start: 4px solid var(--changed); background: var(--panel); max-width: 46rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; margin: 1.1rem 0 0; padding: 0.7rem 0; list-style: none; border-block: 1px solid var(--rule); font-size: 0.9375rem; }
nav a { display: inline-block; padding-block: 0.15rem; text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { margin-block-start: 2.8rem; scroll-margin-top: 1rem; }
footer { margin-block-start: 3rem; padding-block-start: 1.2rem; border-block-start: 1px solid var(--rule); color: var(--quiet); font-size: 0.875rem; }
footer h2 { font-size: 1rem; margin-block-end: 0.3rem; }
svg { display: block; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1.2rem 1.5rem; margin: 0 0 1.6rem; }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; border-block-start: 3px solid var(--bar); padding-block-start: 0.5rem; }
.figures dt { color: var(--quiet); font-size: 0.9375rem; line-height: 1.4; }
.figures dd { margin: 0; font-size: 1.75rem; font-weight: 650; line-height: 1.2; letter-spacing: -0.01em; }
.bar { fill: var(--bar); }
.rail { fill: var(--rule); }
.histogram { margin: 0; max-width: 44rem; }
.histogram ol { display: flex; align-items: flex-end; gap: 2px; margin: 0; padding: 0; list-style: none; }
.histogram li { flex: 1 1 0; min-width: 0; text-align: center; font-size: 0.8125rem; color: var(--quiet); line-height: 1.3; }
.histogram .count { color: var(--ink); font-weight: 600; }
.histogram svg { width: 100%; height: 5rem; }
.histogram .range { display: block; border-block-start: 1px solid var(--open); padding-block-start: 0.2rem; font-size: 0.75rem; white-space: nowrap; }
figcaption { color: var(--quiet); font-size: 0.875rem; margin-block-start: 0.3rem; }

.topics { margin: 0; padding: 0; list-style: none; counter-reset: topic; display: grid; gap: 1.6rem; }
.topic { position: relative; padding-inline-start: 3.2rem; counter-increment: topic; }
.topic::before { content: counter(topic); position: absolute; inset-inline-start: 0; inset-block-start: 0; width: 2.1rem; height: 2.1rem; border-radius: 50%; background: var(--panel); border: 1px solid var(--rule); color: var(--accent); font-weight: 650; display: grid; place-items: center; }
.topic h3 { font-size: 1.15rem; padding-block-start: 0.25rem; }
.topic p { margin-block-end: 0.5rem; }
.asks { margin: 0 0 0.5rem; max-width: 44rem; padding: 0.75rem 1rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; display: grid; gap: 0.5rem; }
.asks div { display: grid; grid-template-columns: 3.2rem 1fr; }
.asks dt { font-weight: 650; color: var(--accent); }
.asks dd { margin: 0; }
.links { align-content: start; display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; font-size: 0.9375rem; }

.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 0 0 0.8rem; padding: 0; list-style: none; font-size: 0.875rem; color: var(--quiet); }
.legend li { display: flex; align-items: center; gap: 0.4rem; }
.key { width: 0.9rem; height: 0.9rem; }
.passed { fill: var(--passed); }
.wrong { fill: var(--wrong); }
.broken { fill: var(--broken); }
.open { fill: var(--open); }
.map { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: 0.875rem; line-height: 1.3; }
.map th, .map td { padding: 0; font-weight: 400; text-align: start; }
.step-column { width: 11.5rem; }
.pass-column { width: 4.4rem; }
.map th[scope="row"] { padding-inline-end: 0.5rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; font-family: var(--mono); font-size: 0.8125rem; }
.map .label { display: inline-block; min-width: 1.9rem; }
.map .number { text-align: end; white-space: nowrap; }
.map .part th { padding: 0.7rem 0 0.2rem; font-weight: 650; }
.map thead { color: var(--quiet); vertical-align: bottom; }
.map thead.unnamed { position: absolute; clip-path: inset(50%); }
.map .cells { padding-block: 1px; }
.map .cells svg { width: 100%; height: 1.15rem; background: var(--panel); }
.heads { display: flex; align-items: flex-end; }
.heads span { flex: 1 1 0; min-width: 0; display: flex; justify-content: center; overflow: hidden; }
.heads bdi { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 10.5rem; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; line-height: 1.1; }
tr:has(:target) { background: var(--panel); }

.bars { margin: 0; padding: 0; list-style: none; display: grid; gap: 0.35rem; max-width: 56rem; }
.bars li { display: grid; grid-template-columns: 13rem minmax(4rem, 1fr) 19rem; gap: 0.9rem; align-items: center; }
.bars .what { font-family: var(--mono); font-size: 0.875rem; }
.length { width: 100%; height: 0.55rem; border-radius: 3px; overflow: hidden; }

h3.part { margin: 1.8rem 0 0.6rem; padding-block-end: 0.3rem; border-block-end: 1px solid var(--rule); font-size: 1.1rem; }
.step { padding-block: 0.9rem 0.5rem; scroll-margin-top: 1rem; display: grid; grid-template-columns: 11.5rem minmax(0, 1fr); column-gap: 1.5rem; grid-template-rows: auto auto 1fr; }
.step + .step { border-block-start: 1px solid var(--rule); }
.step:target { background: linear-gradient(var(--panel), var(--panel)); box-shadow: 0 0 0 0.6rem var(--panel); border-radius: 2px; }
.step h4 { margin: 0; font-family: var(--mono); font-size: 1rem; overflow-wrap: anywhere; }
.step > p { grid-column: 1; margin: 0.15rem 0 0; font-size: 0.875rem; }
.mistakes { grid-column: 2; grid-row: 1 / span 4; margin: 0; padding: 0; list-style: none; display: grid; gap: 0.9rem; align-content: start; }
.mistakes li { display: grid; grid-template-columns: 4.6rem minmax(0, 1fr); gap: 1rem; }
.mistakes p { margin: 0 0 0.35rem; }
.share { line-height: 1.4; }
.share b { font-size: 1.1rem; }
.share .of { font-size: 0.875rem; white-space: nowrap; }
.share .length { margin-block-start: 0.2rem; height: 0.4rem; }
.seen { color: var(--changed); font-weight: 600; }
.example { margin: 0.2rem 0 0.4rem; padding: 0.7rem 0.9rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; overflow-x: auto; max-height: 24rem; line-height: 1.45; tab-size: 2; font-size: 0.8125rem; }
.example code { display: block; font-size: inherit; white-space: pre; }
.rare { margin: 0.3rem 0 0; padding-inline-start: 1.1rem; }
.rare li { display: list-item; }
summary { cursor: pointer; color: var(--accent); font-size: 0.9375rem; width: fit-content; }
.tok-keyword { color: var(--code-keyword); }
.tok-string, .tok-string2 { color: var(--code-string); }
.tok-number, .tok-bool { color: var(--code-number); }
.tok-variableName.tok-definition { color: var(--code-function); }

.plain { border-collapse: collapse; width: 100%; font-size: 0.9375rem; }
.plain th, .plain td { text-align: start; padding: 0.3rem 0.8rem 0.3rem 0; vertical-align: top; border-block-end: 1px solid var(--rule); }
.plain thead th { color: var(--quiet); font-weight: 600; vertical-align: bottom; white-space: nowrap; }
.plain tbody th { font-weight: 500; }
.changes { overflow-wrap: anywhere; }
.plain .number { text-align: end; white-space: nowrap; }
.points { width: 9rem; }
.points .length { margin-block-start: 0.5rem; }
abbr { text-decoration: none; }
.late { color: var(--changed); font-size: 0.8125rem; }
.problems { margin: 0; display: grid; gap: 0.5rem; max-width: 48rem; }
.problems div { display: grid; grid-template-columns: 14rem 1fr; gap: 1rem; }
.problems dt { font-weight: 500; }
.problems dd { margin: 0; }
.names bdi + bdi::before { content: "· "; color: var(--quiet); }

@media (max-width: 44rem) {
  body { padding-block-start: 1.5rem; }
  .wide-only { display: none; }
  .plain thead th:first-child { width: 45%; }
  .plain tbody th { overflow-wrap: anywhere; }
  .figures { grid-template-columns: 1fr 1fr; gap: 1rem; }
  .figures dd { font-size: 1.4rem; overflow-wrap: anywhere; }
  .topic { padding-inline-start: 0; }
  .topic::before { position: static; margin-block-end: 0.4rem; }
  .asks div { grid-template-columns: 1fr; }
  .step-column { width: 8.2rem; }
  .pass-column { width: 2.6rem; }
  .map .of { display: none; }
  .map th[scope="row"] { font-size: 0.75rem; }
  .map .label { min-width: 1.6rem; }
  .heads { font-size: 0.6875rem; }
  .heads.some { visibility: hidden; height: 1rem; overflow: hidden; }
  .bars li { grid-template-columns: 1fr auto; gap: 0.1rem 0.6rem; margin-block-end: 0.4rem; }
  .bars .length { grid-column: 1 / -1; grid-row: 2; }
  .much .quiet { display: none; }
  .step { display: block; }
  .step > p { margin-block-end: 0.4rem; }
  .mistakes { margin-block-start: 0.6rem; }
  .mistakes li { grid-template-columns: 3.6rem minmax(0, 1fr); gap: 0.8rem; }
  .problems div { grid-template-columns: 1fr; gap: 0; }
  .histogram li:nth-child(even) .range { color: transparent; }
  .histogram .range, .histogram .count { font-size: 0.6875rem; }
}

@media print {
  @page { margin: 14mm 13mm; }
  body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.42; }
  nav, summary { display: none; }
  section { margin-block-start: 1.6rem; }
  #map { break-before: page; }
  .figures { grid-template-columns: repeat(4, 1fr); }
  .figures dd { font-size: 1.4rem; }
  h1, h2, h3, h4, .part { break-after: avoid; }
  .topic, .mistakes li, .problems div, .bars li, .plain tr, .map tr, .figures, .histogram { break-inside: avoid; }
  .step h4 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
  .example { max-height: none; overflow: visible; padding: 0.35rem 0.6rem; }
  .example code { white-space: pre-wrap; }
  .step { padding-block: 0.5rem 0.2rem; }
  .mistakes { gap: 0.45rem; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  svg, .topic::before, .asks, .example, .remarks { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .map { font-size: 7.5pt; }
  .map th[scope="row"] { font-size: 7.5pt; }
  .map .cells svg { height: 3.6mm; }
  .heads.some { visibility: visible; height: auto; }
}
`;
