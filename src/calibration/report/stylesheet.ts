/** Looks of a report, in light and dark, on screen and on paper. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --panel: #f5f6f7; --line: #d3d8dd; --text: #1a1d20; --dim: #5d6670;
  --pass: #14783f; --warn: #8a6400; --fail: #b8232b; --unknown: #5d6670;
  --ink: #2a5db0; --ink2: #b45a12; --out: #c4232c; --area: #fbfbfc;
  font: 15px/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16181b; --panel: #202429; --line: #3a4149; --text: #e6e8ea; --dim: #a3acb6;
    --pass: #5fcf8a; --warn: #e8c547; --fail: #ff7376; --unknown: #a3acb6;
    --ink: #7fb0ff; --ink2: #ffab66; --out: #ff6d70; --area: #1b1e22;
  }
}
@media print {
  :root {
    --ground: #ffffff; --panel: #ffffff; --line: #bbbbbb; --text: #000000; --dim: #444444;
    --pass: #14783f; --warn: #7a5900; --fail: #b8232b; --unknown: #444444;
    --ink: #2a5db0; --ink2: #b45a12; --out: #c4232c; --area: #ffffff;
    color-scheme: light;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { max-width: none; padding: 0; zoom: 0.62; }
  figure, tr, .facts { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 1.2rem 1.6rem 4rem; background: var(--ground); color: var(--text); }
h1 { font-size: 1.5rem; margin: 0.4rem 0; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 0.6rem; padding-top: 0.6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.02rem; margin: 1.6rem 0 0.4rem; }
h4 { font-size: 0.95rem; margin: 0 0 0.2rem; font-weight: 600; }
p { max-width: 78ch; margin: 0.4rem 0; }
a { color: inherit; }
code { font-family: ui-monospace, "Liberation Mono", monospace; font-size: 0.9em; overflow-wrap: anywhere; }
.dim, figcaption { color: var(--dim); }
figure { margin: 0.6rem 0; min-width: 0; }
figcaption { margin-top: 0.3rem; font-size: 0.85rem; max-width: 58ch; line-height: 1.4; }
.row { display: flex; flex-wrap: wrap; gap: 0.6rem 1.8rem; align-items: flex-start; }
.row > * { max-width: 100%; }
.row figure { width: min-content; }
.row .scroll, .row .facts { margin-top: 0; }
.compact td:first-child { white-space: nowrap; }
.compact th, .compact td { padding: 0.1rem 0.8rem 0.1rem 0; font-size: 0.88rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.5rem 0; }
th, td { padding: 0.28rem 0.9rem 0.28rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 500; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
th.n { max-width: 11rem; }
.facts th { width: 13rem; }
.facts td { overflow-wrap: anywhere; }
.state { font-weight: 700; white-space: nowrap; }
.verdict { display: inline-block; padding: 0.1rem 0.8rem; border: 2px solid currentColor; border-radius: 5px; font-weight: 700; }
.PASS { color: var(--pass); } .WARN { color: var(--warn); } .FAIL { color: var(--fail); } .UNKNOWN { color: var(--unknown); }
svg { display: block; max-width: calc(100vw - 3.2rem); height: auto; font-size: 11px; overflow: visible; }
svg svg { overflow: hidden; max-width: none; }
svg text { fill: var(--dim); font-variant-numeric: tabular-nums; }
svg text.label { fill: var(--text); }
svg text.strong { fill: var(--text); font-weight: 600; }
svg text.halo { fill: #111; stroke: #fff; stroke-width: 3px; stroke-opacity: 0.85; paint-order: stroke; font-weight: 600; }
svg text.plain { fill: var(--text); stroke: var(--area); stroke-width: 3px; paint-order: stroke; }
.area { fill: var(--area); }
.edge { fill: none; stroke: var(--dim); }
.contour { fill: none; stroke: #fff; stroke-opacity: 0.75; stroke-width: 1; }
.gridline { fill: none; stroke: var(--line); }
.dots { fill: none; stroke-linecap: round; stroke-width: 3; }
.foot { stroke-width: 2.2; }
.big { stroke-width: 6; }
.inlier { fill: none; stroke: var(--ink); }
.second { fill: none; stroke: var(--ink2); }
.outlier { fill: none; stroke: var(--out); }
.outlier.dots { stroke-width: 5; }
.mean { fill: none; stroke: var(--text); stroke-width: 2; }
.on-color { fill: none; stroke: #111; stroke-width: 1.6; }
.tone { fill: none; }
.curve { fill: none; stroke: var(--ink2); stroke-width: 1.8; }
.curve2 { fill: none; stroke: var(--ink); stroke-width: 1.8; }
.dashed { stroke-dasharray: 5 4; }
.limit { fill: none; stroke: var(--out); stroke-width: 1.2; stroke-dasharray: 5 4; }
.guide { fill: none; stroke: var(--dim); stroke-width: 1; stroke-dasharray: 2 3; }
.bar { fill: var(--ink); } .bar.after { fill: var(--ink2); fill-opacity: 0.75; }
.ellipse { fill: var(--ink); fill-opacity: 0.2; stroke: var(--ink); }
.pupil { fill: var(--text); }
.swatch { stroke: var(--line); stroke-width: 1; }
ul { margin: 0.3rem 0; padding-left: 1.2rem; }
`;
