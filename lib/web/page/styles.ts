/** The page's style sheet. Colours of text have a contrast of at least 4.5 to 1, dark and light. */
export const STYLES = `:root {
  color-scheme: light dark;
  --ground: #f6f7f6; --card: #ffffff; --edge: #e2e6e3; --ink: #17201c; --quiet: #59645f;
  --good: #17794d; --warn: #8f5b00; --bad: #b42318; --calm: #5d6863;
  --good-soft: #e3f3ea; --warn-soft: #fbf0d9; --bad-soft: #fdeae7; --calm-soft: #edf0ee;
  --good-fill: #2f9e6b; --warn-fill: #d9951a; --bad-fill: #d6453a; --calm-fill: #b4beb9;
  --accent: #1f6f8b; --accent-soft: #d8e9ef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101413; --card: #181d1b; --edge: #2a312e; --ink: #e8edea; --quiet: #9aa6a0;
    --good: #6fd3a2; --warn: #efbd66; --bad: #ff9a8f; --calm: #a5b0ab;
    --good-soft: #17302a; --warn-soft: #33290f; --bad-soft: #3b1d1a; --calm-soft: #232a27;
    --good-fill: #3fae7c; --warn-fill: #cf9630; --bad-fill: #dd5b4f; --calm-fill: #54605a;
    --accent: #7cc4dd; --accent-soft: #1d333c;
  }
}
* { box-sizing: border-box; }
html { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
h1, h2, p, ul, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; grid-template-columns: minmax(0, 1fr); }
a { color: var(--accent); }
code { font: 0.92em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  overflow-wrap: anywhere; }
small { font-size: 0.55em; font-weight: 500; color: var(--quiet); }
.quiet { color: var(--quiet); }
.wrap { overflow-wrap: anywhere; }
.hidden, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: absolute; z-index: 1; top: 0.5rem; left: 0.5rem; padding: 0.5rem 0.8rem;
  background: var(--card); border-radius: 8px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
main:focus { outline: none; }

.bar, main { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between;
  gap: 0.25rem 1rem; padding-top: 1.1rem; padding-bottom: 0.9rem; }
.bar h1 { font-size: 1.05rem; font-weight: 650; letter-spacing: -0.01em; display: flex;
  align-items: center; gap: 0.55rem; }
.mark { width: 1.05rem; height: 1.05rem; border-radius: 0.34rem; background: var(--accent);
  box-shadow: inset 0 0 0 0.26rem var(--accent), inset 0 0 0 1rem var(--ground); }
.live { display: flex; align-items: center; gap: 0.8rem; font-size: 0.875rem; color: var(--quiet); }
.live.lost { color: var(--bad); }
button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--edge);
  border-radius: 999px; padding: 0.25rem 0.9rem; min-height: 2rem; cursor: pointer; }
button:hover { border-color: var(--calm-fill); }

main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; padding-bottom: 3rem; }
.card { background: var(--card); border: 1px solid var(--edge); border-radius: 14px;
  padding: 1.1rem 1.25rem; min-width: 0; }
.card > h2 { font-size: 0.875rem; font-weight: 600; color: var(--quiet); margin-bottom: 0.55rem; }

.verdict { display: flex; align-items: center; gap: 1.1rem; padding: 1.4rem 1.5rem;
  border-radius: 14px; }
.verdict h2 { font-size: 1.65rem; line-height: 1.2; font-weight: 680; letter-spacing: -0.02em; }
.verdict p { margin-top: 0.2rem; max-width: 58rem; }
.verdict .light { flex: none; width: 1.15rem; height: 1.15rem; border-radius: 50%; }
.verdict.good { background: var(--good-soft); } .verdict.good h2 { color: var(--good); }
.verdict.warn { background: var(--warn-soft); } .verdict.warn h2 { color: var(--warn); }
.verdict.bad { background: var(--bad-soft); } .verdict.bad h2 { color: var(--bad); }
.verdict.idle { background: var(--calm-soft); }
.good .light { background: var(--good-fill); } .warn .light { background: var(--warn-fill); }
.bad .light { background: var(--bad-fill); border-radius: 0.25rem; }
.idle .light { background: var(--calm-fill); }

.todo ul { display: grid; gap: 0.8rem; }
.todo li { padding-left: 0.9rem; border-left: 3px solid var(--warn-fill); overflow-wrap: anywhere; }
.todo li.bad { border-color: var(--bad-fill); }
.what { font-weight: 550; }
.cure { color: var(--ink); }
.todo .cure { color: var(--quiet); }
.todo ul + p { margin-top: 0.6rem; }

.tiles { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }
.tiles .card { font-size: 0.925rem; }
.figure { font-size: 1.6rem; line-height: 1.25; font-weight: 640; letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums; display: flex; align-items: baseline; gap: 0.5rem; }
.dot { width: 0.7rem; height: 0.7rem; border-radius: 50%; align-self: center; }
.dot.good { background: var(--good-fill); } .dot.warn { background: var(--warn-fill); }
.dot.bad { background: var(--bad-fill); border-radius: 2px; }
.tiles dl { display: grid; gap: 0.1rem; margin-top: 0.25rem; }
.tiles dl div { display: grid; grid-template-columns: 5rem 1fr; }
.tiles dt { color: var(--quiet); }
.chart { display: block; width: 100%; height: 2.6rem; margin-top: 0.5rem; }
.area { fill: var(--accent-soft); }
.line { fill: none; stroke: var(--accent); stroke-width: 1.75; vector-effect: non-scaling-stroke;
  stroke-linejoin: round; stroke-linecap: round; }

.action + .action { margin-top: 1rem; }
.progress { display: grid; gap: 0.5rem; margin-top: 0.6rem; }
.progress li { display: grid; align-items: center; gap: 0 0.9rem; font-size: 0.925rem;
  grid-template-columns: minmax(0, 19rem) minmax(4rem, 1fr) 3rem minmax(0, 13rem); }
.who, .at { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.percent { text-align: right; font-variant-numeric: tabular-nums; }
progress { appearance: none; width: 100%; height: 0.5rem; border: 0; border-radius: 999px;
  overflow: hidden; background: var(--calm-soft); }
progress::-webkit-progress-bar { background: var(--calm-soft); }
progress::-webkit-progress-value { background: var(--accent); border-radius: 999px;
  transition: inline-size 0.6s ease; }
progress::-moz-progress-bar { background: var(--accent); border-radius: 999px; }

.badge { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 999px; font-size: 0.8125rem;
  font-weight: 600; background: var(--calm-soft); color: var(--calm); white-space: nowrap;
  max-width: 100%; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; }
.badge.good { background: var(--good-soft); color: var(--good); }
.badge.warn { background: var(--warn-soft); color: var(--warn); }
.badge.bad { background: var(--bad-soft); color: var(--bad); }
.runs { margin: 0 -0.6rem -0.3rem; }
.runs details + details { border-top: 1px solid var(--edge); }
summary { cursor: pointer; list-style: none; padding: 0.6rem; border-radius: 8px; }
summary::-webkit-details-marker { display: none; }
.runs summary { display: grid; align-items: center; gap: 0.15rem 0.9rem; font-size: 0.925rem;
  grid-template-columns: 1rem 6.3rem 6.5rem 6.5rem 7.5rem 8rem minmax(0, 1fr) 7rem; }
summary::before { content: ""; width: 0.45rem; height: 0.45rem; border: solid var(--quiet);
  border-width: 0 2px 2px 0; transform: rotate(-45deg); }
details[open] > summary::before { transform: rotate(45deg); }
summary:hover { background: var(--calm-soft); }
.runs .badge { justify-self: start; }
.faulty { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; text-align: right; }
.nodes, .change { font-variant-numeric: tabular-nums; }
.scopebar { display: block; width: 100%; height: 0.45rem; border-radius: 999px; overflow: hidden; }
rect.good { fill: var(--good-fill); } rect.warn { fill: var(--warn-fill); }
rect.bad { fill: var(--bad-fill); } rect.calm { fill: var(--calm-fill); }
.inside { padding: 0.2rem 0.6rem 1rem 2.5rem; font-size: 0.925rem; display: grid; gap: 0.7rem;
  grid-template-columns: minmax(0, 1fr); }
.collectors { display: grid; gap: 0.35rem; overflow-wrap: anywhere; }
.more { color: var(--accent); display: flex; align-items: center; gap: 0.7rem;
  margin: 0.3rem -0.6rem 0; }

/* Positioned: words for screen readers inside would widen the page otherwise. */
.scroll { overflow-x: auto; position: relative; }
table { border-collapse: collapse; width: 100%; font-size: 0.925rem; }
caption { text-align: left; color: var(--quiet); font-size: 0.8125rem; padding-bottom: 0.3rem; }
th, td { text-align: left; padding: 0.38rem 1rem 0.38rem 0; vertical-align: baseline;
  font-weight: inherit; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-size: 0.8125rem; border-bottom: 1px solid var(--edge); }
tbody tr + tr:not(.faults) > * { border-top: 1px solid var(--edge); }
tbody th { overflow-wrap: anywhere; min-width: 10rem; }
.kinds code { overflow-wrap: break-word; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.stale { color: var(--warn); }
.faults ul { display: grid; gap: 0.7rem; padding: 0 0 0.5rem 0.9rem;
  border-left: 2px solid var(--edge); }
.spark { display: block; width: 7rem; height: 1.1rem; }
.kinds { table-layout: auto; }
.trend { width: 8rem; }

.foot { color: var(--quiet); font-size: 0.875rem; display: flex; flex-wrap: wrap;
  justify-content: space-between; gap: 0.3rem 1.5rem; padding: 0.4rem 0.2rem; }
.foot a { margin-right: 0.7rem; white-space: nowrap; display: inline-block; padding: 0.1rem 0; }

.sign-in { max-width: 30rem; margin: 12vh auto; padding: 0 1.25rem; }
.sign-in .card { display: grid; gap: 0.9rem; }
.sign-in h1 { font-size: 1.4rem; letter-spacing: -0.01em; }
.sign-in label { display: grid; gap: 0.3rem; font-weight: 550; }
.sign-in input { font: inherit; color: inherit; background: var(--ground); width: 100%;
  border: 1px solid var(--calm-fill); border-radius: 8px; padding: 0.5rem 0.7rem; }
.sign-in button { justify-self: start; }

@media (max-width: 46rem) {
  .bar, main { padding-left: 0.9rem; padding-right: 0.9rem; }
  .verdict { padding: 1.1rem; align-items: flex-start; }
  .verdict h2 { font-size: 1.4rem; }
  .verdict .light { margin-top: 0.35rem; }
  .card { padding: 0.95rem 1rem; }
  .progress li { grid-template-columns: minmax(0, 1fr) auto; }
  .progress progress, .progress .at { grid-column: 1 / -1; }
  .progress progress { order: 3; } .progress .at { order: 4; }
  .runs summary { grid-template-columns: 1rem auto minmax(0, 1fr); }
  .runs .when { text-align: right; }
  .runs .took { display: none; }
  .runs .nodes { grid-column: 2; } .runs .change { text-align: right; }
  .runs .faulty { grid-column: 2 / -1; text-align: left; }
  .runs .faulty:empty { display: none; }
  .runs .scopes { grid-column: 2 / -1; padding: 0.25rem 0; }
  .inside { padding-left: 0.6rem; }
  th, td { padding-right: 0.7rem; }
  tbody th { min-width: 0; }
  .accounts thead { display: none; }
  .accounts tbody tr { display: grid; grid-template-columns: minmax(0, 1fr) auto;
    border-top: 1px solid var(--edge); }
  .accounts tbody tr.faults { display: block; border: 0; }
  .accounts tbody tr > * { border: 0 !important; padding-right: 0; }
  .accounts tbody tr:not(.faults) td:last-child { grid-column: 1 / -1; padding-top: 0;
    color: var(--quiet); }
  .accounts .number::after { content: " nodes"; color: var(--quiet); }
  .kinds tbody th { width: 55%; }
  .kinds .trend, .kinds thead th:last-child { display: none; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) {
  .light, .dot, .mark, rect { forced-color-adjust: none; }
  .card, .verdict { border: 1px solid; }
}
@media print { .live, .skip { display: none; } .card { break-inside: avoid; } }
`;
