import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { plotBars } from './plot.js';
import { parseTargets, renderPage, renderPlots, renderSummary, replaceBlock } from './report.js';

const here = (name) => fs.readFileSync(new URL(name, import.meta.url), 'utf8');
const targets = parseTargets('# figure\nx.cpu\t<=\t1/20\t0.02\tcpu of x\ny.rate\t>=\t100\t\trate of y\n');
const figuresOf = (...list) => new Map(list.map((figure) => [figure.figure, { n: 3, min: figure.value, max: figure.value, ...figure }]));
const render = (template, figures) => renderPage({ template, targets, figures, machine: { cores: 2 }, plots: {} });

test('a target is met, not met, or not measured', () => {
  const page = (x, y) => render('{{targets}}\n', figuresOf({ figure: 'x.cpu', value: x, unit: 'ratio' }, ...y));
  const met = page(0.05, [{ figure: 'y.rate', value: 100, unit: '1/s' }]);
  assert.match(met, /\| cpu of x \| ≤ 1\/20 \(aim 0.02\) \| \*\*1\/20\*\* \| 1\/20 – 1\/20 \| yes \|/);
  assert.match(met, /\| ≥ 100 \| \*\*100 1\/s\*\* \| 100 – 100 \| yes \|/);
  const missed = page(0.051, []);
  assert.match(missed, /\*\*1\/19.6\*\* .* no \|/);
  assert.match(missed, /`y.rate` .* not measured \|/);
  assert.throws(() => parseTargets('x\t<\t1\t\tw\n'), /not a target/);
});

test('a figure without target is shown, and none is shown twice', () => {
  const figures = figuresOf({ figure: 'x.cpu', value: 1, unit: 'ratio' }, { figure: 'z', value: 12345.6, unit: 'ns' });
  const page = render('{{others}}\n', figures);
  assert.match(page, /`z` \| 12,346 ns \|/);
  assert.doesNotMatch(page, /x.cpu/);
  figures.set('http.nginx204.cpu_us', { figure: 'http.nginx204.cpu_us', value: 5.25, unit: 'us', n: 1, min: 5, max: 6 });
  assert.doesNotMatch(render('{{others}}\n', figures), /nginx204/);
  assert.match(render('{{peers}}\n', figures), /\| nginx, return 204 \| 5.25 \| not measured \|/);
  figures.set('http.verify_p99_vs_nginx204', { figure: 'http.verify_p99_vs_nginx204', value: 0.8, unit: 'ratio', n: 9, min: 0.05, max: 0.9 });
  assert.doesNotMatch(render('{{others}}\n', figures), /p99_vs/);
  assert.match(render('{{ratios}}\n', figures), /\| nginx, return 204 \| not measured \| not measured \| not measured \| 0.8 \(1\/20 – 0.9\) \|/);
});

test('the shipped page has a place for everything', () => {
  const page = renderPage({
    template: here('benchmarks.template.md'),
    targets: parseTargets(here('targets.tsv')),
    figures: figuresOf({ figure: 'http.rescind.cpu_us', value: 5, unit: 'us' }),
    machine: { processor: 'a slow one' },
    plots: { 'http-cpu': '<svg/>' },
  });
  assert.doesNotMatch(page, /\{\{|undefined|NaN/);
  assert.match(page, /\n\* processor: a slow one\n/);
  assert.match(page, /\(benchmarks\/http-cpu\.svg\)/);
  assert.doesNotMatch(page, /bytes-per-revocation/); // it was not drawn
});

test('plots are made of the figures that are there', () => {
  assert.deepEqual(Object.keys(renderPlots(figuresOf())), []);
  const figures = figuresOf(
    { figure: 'http.rescind.cpu_us', value: 5, unit: 'us' },
    { figure: 'http.express_string.cpu_us', value: 500, unit: 'us' },
    { figure: 'index.bytes_per_entry', value: 12, unit: 'bytes' },
    { figure: 'index.redis_bytes_per_entry', value: 600, unit: 'bytes' },
  );
  const plots = renderPlots(figures);
  assert.deepEqual(Object.keys(plots), ['http-cpu', 'bytes-per-revocation']);
  for (const svg of Object.values(plots)) assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
});

test('a bar is as long as its value, on the scale that the plot names', () => {
  const rows = [
    { label: 'a <b>', value: 10, min: 10, max: 10, ours: true },
    { label: 'c', value: 100, min: 100, max: 100, ours: false },
  ];
  const widths = (scale) => {
    const svg = plotBars({ title: 't', unit: 'µs', rows, scale });
    assert.match(svg, /a &lt;b&gt;/);
    assert.equal(/logarithmic scale/.test(svg), scale === 'log');
    return [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map((match) => Number(match[1]));
  };
  const [tenth, whole] = widths('linear');
  assert.ok(Math.abs(tenth / whole - 0.1) < 0.01);
  const [start, end] = widths('log');
  assert.ok(start >= 0 && start < end);
});

test('the README has one place for the figures', () => {
  const page = 'a\n<!-- figures: ./dev bench --report -->\nold\n<!-- end of figures -->\nb\n';
  assert.equal(replaceBlock(page, 'new'), page.replace('old', 'new'));
  assert.throws(() => replaceBlock('a', 'new'));
  assert.throws(() => replaceBlock(page + page, 'new'));
  assert.doesNotThrow(() => replaceBlock(here('../../README.md'), ''));
  const summary = renderSummary({ targets, figures: figuresOf({ figure: 'x.cpu', value: 1, unit: 'ratio' }), plots: {} });
  assert.equal(summary, '');
});
