// From the figures of a run to docs/benchmarks.md, its plots, and the figures in README.md. Words that are not figures stand in
// benchmarks.template.md. What was not measured is called so, never left out.
import { plotBars, short } from './plot.js';

export const kPeers = {
  rescind: 'Rescind, ES256',
  rescind_hs256: 'Rescind, HS256',
  nginx204: 'nginx, return 204',
  nginx_auth_request: 'nginx auth_request → Rescind',
  haproxy_jwt: 'HAProxy jwt_verify, HS256',
  haproxy_jwt_es256: 'HAProxy jwt_verify, ES256',
  express_keyobject: 'Express + Redis, KeyObject',
  express_string: 'Express + Redis, key as string',
  rescind_pipelined: 'Rescind, ES256, 16 in flight',
  nginx204_pipelined: 'nginx, return 204, 16 in flight',
};

const kPeerFigures = ['cpu_us', 'kernel_us', 'rps', 'p50_us', 'p99_us'];
const kRatios = ['cpu', 'rps', 'p50', 'p99'];
const kNotMeasured = 'not measured';
const number = (value, unit) => (unit === 'ratio' && value < 0.1 ? `1/${short(1 / value)}` : short(value));
const withUnit = (figure) => `${number(figure.value, figure.unit)}${figure.unit === 'ratio' ? '' : ` ${figure.unit}`}`;
const range = ({ min, max, n, unit }) => (n > 1 ? `${number(min, unit)} – ${number(max, unit)}` : '');

const withRange = (figure) => {
  if (figure === undefined) return kNotMeasured;
  return `${number(figure.value, figure.unit)}${figure.n > 1 ? ` (${range(figure)})` : ''}`;
};

export function parseTargets(text) {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [figure, comparison, target, aim, what] = line.split('\t');
      if (!['<=', '>='].includes(comparison) || !what) throw new Error(`not a target: ${line}`);
      return { figure, comparison, target, aim, what };
    });
}

// "0.95" or "1/20", which the page shows as it stands.
function numberIn(text) {
  const [above, below = 1] = text.split('/').map(Number);
  if (!(above > 0 && below > 0)) throw new Error(`not a number: ${text}`);
  return above / below;
}

const isMet = ({ comparison, target }, value) =>
  comparison === '<=' ? value <= numberIn(target) : value >= numberIn(target);

function renderTargets(targets, figures) {
  const rows = targets.map((target) => {
    const figure = figures.get(target.figure);
    const sign = target.comparison === '<=' ? '≤' : '≥';
    const wanted = `${sign} ${target.target}${target.aim === '' ? '' : ` (aim ${target.aim})`}`;
    const measured = figure ? `**${withUnit(figure)}** | ${range(figure)} | ${isMet(target, figure.value) ? 'yes' : 'no'}` : `${kNotMeasured} | |`;
    return `| \`${target.figure}\` | ${target.what} | ${wanted} | ${measured} |`;
  });
  return ['| figure | what it is | target | measured | smallest – largest | met |', '|---|---|---|---|---|---|', ...rows].join('\n');
}

function renderPeers(figures) {
  const rows = Object.entries(kPeers).map(([peer, label]) => {
    const cells = kPeerFigures.map((name) => figures.get(`http.${peer}.${name}`));
    return `| ${label} | ${cells.map(withRange).join(' | ')} |`;
  });
  return ['| peer | CPU µs a request | of these in the kernel | requests/s | p50 µs | p99 µs |', '|---|---|---|---|---|---|', ...rows].join('\n');
}

// Rescind over each peer that was measured beside it.
function renderRatios(figures) {
  const rows = Object.entries(kPeers)
    .map(([peer, label]) => [label, kRatios.map((what) => figures.get(`http.verify_${what}_vs_${peer}`))])
    .filter(([, cells]) => cells.some((figure) => figure !== undefined))
    .map(([label, cells]) => `| ${label} | ${cells.map(withRange).join(' | ')} |`);
  return ['| Rescind over | CPU a request | requests/s | p50 | p99 |', '|---|---|---|---|---|', ...rows].join('\n');
}

function renderOthers(figures, shown) {
  const rows = [...figures.values()]
    .filter(({ figure }) => !shown(figure))
    .map((figure) => `| \`${figure.figure}\` | ${withUnit(figure)} | ${range(figure)} | ${figure.n} |`);
  return ['| figure | measured | smallest – largest | rounds |', '|---|---|---|---|', ...rows].join('\n');
}

function renderBytesRatio(figures) {
  const [redis, ours] = ['index.redis_bytes_per_entry', 'index.bytes_per_entry'].map((name) => figures.get(name));
  return redis && ours ? `That is ${short(redis.value / ours.value)} times the memory of Rescind's index.` : '';
}

// {name: svg} of the plots whose figures are there.
export function renderPlots(figures) {
  const plots = {};
  const bar = (label, figure, ours) => figure && { label, value: figure.value, min: figure.min, max: figure.max, ours };
  const cpu = Object.entries(kPeers)
    .filter(([peer]) => !peer.endsWith('_pipelined')) // another question: not beside those with one request in flight
    .map(([peer, label]) => bar(label, figures.get(`http.${peer}.cpu_us`), peer.startsWith('rescind')))
    .filter((row) => row)
    .sort((a, b) => a.value - b.value);
  if (cpu.length > 0) plots['http-cpu'] = plotBars({ title: 'CPU time of one checked request', unit: 'µs', rows: cpu, scale: 'log' });
  const bytes = [
    bar('Rescind, revocation index', figures.get('index.bytes_per_entry'), true),
    bar('Redis, SET blacklist:<jwt>', figures.get('index.redis_bytes_per_entry'), false),
  ];
  if (bytes.every((row) => row)) {
    plots['bytes-per-revocation'] = plotBars({ title: 'Memory of one revoked token', unit: 'bytes', rows: bytes, scale: 'linear' });
  }
  return plots;
}

// figures: name → {figure, value, unit, n, min, max}.
export function renderPage({ template, targets, figures, machine, plots }) {
  const isShown = (name) =>
    targets.some(({ figure }) => figure === name) ||
    Object.keys(kPeers).some((peer) => name.startsWith(`http.${peer}.`) || kRatios.some((what) => name === `http.verify_${what}_vs_${peer}`));
  const blocks = {
    targets: () => renderTargets(targets, figures),
    peers: () => renderPeers(figures),
    ratios: () => renderRatios(figures),
    others: () => renderOthers(figures, isShown),
    bytes_ratio: () => renderBytesRatio(figures),
    machine: () => Object.entries(machine).map(([name, what]) => `* ${name}: ${what}`).join('\n'),
  };
  return template
    .replace(/!\[[^\]]*\]\(\{\{plot:([\w-]+)\}\}\)\n\n/g, (image, name) => (name in plots ? image : ''))
    .replace(/\{\{plot:([\w-]+)\}\}/g, 'benchmarks/$1.svg')
    .replace(/\{\{value:([\w.]+)\}\}/g, (_, name) => (figures.has(name) ? short(figures.get(name).value) : kNotMeasured))
    .replace(/\{\{(\w+)\}\}\n/g, (_, name) => `${blocks[name]()}\n`);
}

// What the README says of speed.
const kSummary = [
  ['http.verify_cpu_vs_nginx204', 'CPU of one `/verify` over nginx `return 204`, 1,000,000 live revocations'],
  ['http.verify_cpu_vs_haproxy_jwt', 'over HAProxy `jwt_verify` with a denylist map'],
  ['http.verify_cpu_vs_express_keyobject', 'over Express, jsonwebtoken, ioredis and Redis'],
  ['lib.check_cached_ns.1m', 'one check in the library, token seen before'],
  ['index.bytes_per_entry', 'memory of one live revocation'],
  ['index.redis_bytes_per_entry', 'memory of one live revocation in Redis, `SET blacklist:<jwt>`'],
];

export function renderSummary({ targets, figures, plots }) {
  const rows = kSummary.filter(([name]) => figures.has(name)).map(([name, what]) => `| ${what} | ${withUnit(figures.get(name))} |`);
  if (rows.length === 0) return '';
  const measured = targets.filter((target) => figures.has(target.figure));
  const met = measured.filter((target) => isMet(target, figures.get(target.figure).value)).length;
  const missing = targets.length - measured.length;
  return [
    '## What it costs',
    '',
    ...('http-cpu' in plots ? ['![CPU time of one checked request](docs/benchmarks/http-cpu.svg)', ''] : []),
    '| figure | measured |',
    '|---|---|',
    ...rows,
    '',
    `${met} of ${targets.length} targets are met${missing > 0 ? `, ${missing} not measured` : ''}. Each with its range, its peers and what they are not asked:`,
    '[docs/benchmarks.md](docs/benchmarks.md); `./dev bench` measures all of them again.',
  ].join('\n');
}

const kBegin = '<!-- figures: ./dev bench --report -->';
const kEnd = '<!-- end of figures -->';

// `page` with `text` between the marks, which stand there once.
export function replaceBlock(page, text) {
  const [before, ...rest] = page.split(kBegin);
  const [old, after, ...more] = rest.join(kBegin).split(kEnd);
  if (rest.length !== 1 || after === undefined || more.length !== 0) throw new Error(`no place for the figures: ${old}`);
  return `${before}${kBegin}\n${text}\n${kEnd}${after}`;
}
