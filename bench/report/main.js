// main.js FOLDER: docs/benchmarks.md, docs/benchmarks/*.svg and the README's figures, from the *.json of a run.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTargets, renderPage, renderPlots, renderSummary, replaceBlock } from './report.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = (name) => fs.readFileSync(new URL(name, import.meta.url), 'utf8');
const folder = process.argv[2];

const figures = new Map();
for (const name of fs.readdirSync(folder).sort()) {
  if (!name.endsWith('.json') || name === 'machine.json') continue;
  for (const figure of JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))) {
    if (figures.has(figure.figure)) throw new Error(`${figure.figure} stands in two files`);
    figures.set(figure.figure, figure);
  }
}
const machine = JSON.parse(fs.readFileSync(path.join(folder, 'machine.json'), 'utf8'));
const targets = parseTargets(here('targets.tsv'));
const plots = renderPlots(figures);

const docs = path.join(root, 'docs');
fs.mkdirSync(path.join(docs, 'benchmarks'), { recursive: true });
for (const [name, svg] of Object.entries(plots)) fs.writeFileSync(path.join(docs, 'benchmarks', `${name}.svg`), svg);
fs.writeFileSync(
  path.join(docs, 'benchmarks.md'),
  renderPage({ template: here('benchmarks.template.md'), targets, figures, machine, plots }),
);
const readme = path.join(root, 'README.md');
fs.writeFileSync(readme, replaceBlock(fs.readFileSync(readme, 'utf8'), renderSummary({ targets, figures, plots })));

for (const { figure } of targets) if (!figures.has(figure)) console.error(`${figure} was not measured`);
