// The same as turns.h and report.h for benchmarks that drive processes: rounds in turns, a table, a JSON file.
import fs from 'node:fs';

// True under `./dev bench --quick`: small counts; the figures mean nothing and land in build/bench-quick.
export const isQuick = process.env.BENCH_QUICK !== undefined;
export const countOf = (full, quick) => (isQuick ? quick : full);

// contenders: {name: async () => what was measured}. Each runs once a round, every other round in reverse order, so that
// none is always the one behind a certain other. Returns {name: [one value a round]}.
export async function takeTurns(contenders, rounds) {
  const names = Object.keys(contenders);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) samples[name].push(await contenders[name]());
  }
  return samples;
}

// a[i] / b[i], round by round.
export const ratios = (a, b) => a.map((value, round) => value / b[round]);

// The median of an even number is the mean of the two in the middle.
export function spreadOf(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}

export class Report {
  figures = [];

  // samples: one number, or one for each round. Units: "ratio", "ns", "us", "ms", "s", "MB", "bytes", "entries", "1/s".
  add(figure, unit, samples) {
    const list = [samples].flat();
    if (list.length === 0 || !list.every(Number.isFinite)) throw new Error(`${figure} was not measured: ${list}`);
    const { median, min, max } = spreadOf(list);
    this.figures.push({ figure, value: median, unit, n: list.length, min, max });
  }

  table() {
    const number = (value) => String(Number(value.toPrecision(5))).padStart(12);
    const lines = this.figures.map(
      ({ figure, value, unit, n, min, max }) =>
        `${figure.padEnd(40)} ${number(value)} ${number(min)} ${number(max)}  ${unit.padEnd(6)} ${String(n).padStart(3)}\n`,
    );
    const [median, min, max] = ['median', 'min', 'max'].map((word) => word.padStart(12));
    return `${'figure'.padEnd(40)} ${median} ${min} ${max}  unit     n\n${lines.join('')}`;
  }

  // Prints the table and writes the JSON to the file that the first argument names.
  finish(path = process.argv[2]) {
    process.stdout.write(this.table());
    fs.writeFileSync(path, `[\n${this.figures.map((figure) => ` ${JSON.stringify(figure)}`).join(',\n')}\n]\n`);
  }
}
