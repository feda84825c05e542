// Horizontal bars as SVG, readable on a light and on a dark page.

const kStyle = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 15px; }
  .quiet { fill: #59636e; font-size: 12px; }
  .ours { fill: #2a78d6; }
  .peer { fill: #9a9a94; }
  .range { stroke: #1f2328; stroke-width: 1.5; }
  .grid { stroke: #8b949e; stroke-opacity: 0.35; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .quiet { fill: #9da7b1; }
    .ours { fill: #58a6ff; }
    .peer { fill: #7d7d78; }
    .range { stroke: #e6edf3; }
  }`;

const kWidth = 760;
const kLeft = 240; // where the bars begin
const kRight = 84; // room for the figure behind the longest bar
const kTop = 62;
const kRow = 30;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
export const short = (value) => (Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3))));

// From a value to its place, and the values of the grid's lines.
function linear(largest) {
  const step = [1, 2, 5, 10].map((x) => x * 10 ** Math.floor(Math.log10(largest / 4))).find((x) => largest / x <= 6);
  const ticks = [];
  for (let tick = 0; tick <= largest; tick += step) ticks.push(tick);
  return { place: (value) => value / largest, ticks };
}

function logarithmic(smallest, largest) {
  const from = Math.floor(Math.log10(smallest));
  const to = Math.log10(largest);
  const ticks = [];
  for (let exponent = from; exponent <= to; exponent++) ticks.push(10 ** exponent);
  return { place: (value) => (Math.log10(value) - from) / (to - from), ticks };
}

// rows: [{label, value, min, max, ours}]; scale: "linear" or "log", which the plot names.
export function plotBars({ title, unit, rows, scale }) {
  const largest = Math.max(...rows.map((row) => row.max));
  const { place, ticks } = scale === 'log' ? logarithmic(Math.min(...rows.map((row) => row.min)), largest) : linear(largest);
  const x = (value) => (kLeft + place(value) * (kWidth - kLeft - kRight)).toFixed(1);
  const bottom = kTop + rows.length * kRow;
  const lines = ticks.map(
    (tick) =>
      `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${kTop - 6}" y2="${bottom}"/>` +
      `<text class="quiet" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${short(tick)}</text>`,
  );
  const bars = rows.map((row, i) => {
    const y = kTop + i * kRow;
    const middle = y + 10;
    return (
      `<text x="${kLeft - 10}" y="${middle + 4}" text-anchor="end">${escape(row.label)}</text>` +
      `<rect class="${row.ours ? 'ours' : 'peer'}" x="${kLeft}" y="${y}" width="${(x(row.value) - kLeft).toFixed(1)}" height="20" rx="2"/>` +
      `<line class="range" x1="${x(row.min)}" x2="${x(row.max)}" y1="${middle}" y2="${middle}"/>` +
      `<text x="${Number(x(row.max)) + 7}" y="${middle + 4}">${short(row.value)}</text>`
    );
  });
  const about = `${unit}; bar = median, line = smallest to largest round${scale === 'log' ? '; logarithmic scale' : ''}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${kWidth} ${bottom + 26}" role="img" aria-label="${escape(title)}">
<style>${kStyle}
</style>
<text class="title" x="12" y="22">${escape(title)}</text>
<text class="quiet" x="12" y="42">${escape(about)}</text>
${lines.join('\n')}
${bars.join('\n')}
</svg>
`;
}
