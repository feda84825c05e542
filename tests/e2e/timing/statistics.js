// Do two samples come from one distribution? Two tests that assume nothing about its shape.

export const sorted = (sample) => Float64Array.from(sample).sort();

export function median(sample) {
  const values = sorted(sample);
  const half = values.length >> 1;
  return values.length % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// Kolmogorov and Smirnov, two samples, asymptotic: is there a place where the distributions differ?
export function kolmogorovSmirnov(a, b) {
  const [x, y] = [sorted(a), sorted(b)];
  let [i, j, distance] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i], y[j]);
    while (i < x.length && x[i] === at) ++i;
    while (j < y.length && y[j] === at) ++j;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  const n = (x.length * y.length) / (x.length + y.length);
  const lambda = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance;
  if (lambda < 0.2) return 1; // the series below has no use there
  let p = 0;
  for (let k = 1; k <= 100; ++k) p += 2 * (k % 2 ? 1 : -1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, p));
}

// Mann and Whitney, two-sided, by the normal distribution: is one of them larger more often than not?
export function mannWhitney(a, b) {
  const all = [...Array.from(a, (value) => [value, 0]), ...Array.from(b, (value) => [value, 1])].sort((p, q) => p[0] - q[0]);
  let [rankSum, ties] = [0, 0];
  for (let i = 0; i < all.length; ) {
    let j = i;
    while (j < all.length && all[j][0] === all[i][0]) ++j;
    const rank = (i + j + 1) / 2;
    for (let k = i; k < j; ++k) if (all[k][1] === 0) rankSum += rank;
    ties += (j - i) ** 3 - (j - i);
    i = j;
  }
  const [m, n] = [a.length, b.length];
  const u = rankSum - (m * (m + 1)) / 2;
  const spread = Math.sqrt(((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1))));
  const z = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5) / spread;
  return 2 * (1 - normal(z));
}

// The normal distribution (Abramowitz and Stegun 7.1.26: to 1.5e-7).
function normal(z) {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 1 - 0.5 * poly * Math.exp(-x * x);
}

// Holm: of many true hypotheses some look false by chance. The p-values as they count when all are judged together.
export function adjusted(pValues) {
  const order = pValues.map((p, i) => [p, i]).sort((a, b) => a[0] - b[0]);
  const out = new Array(pValues.length);
  let least = 0;
  order.forEach(([p, i], rank) => {
    least = Math.max(least, Math.min(1, p * (pValues.length - rank)));
    out[i] = least;
  });
  return out;
}
