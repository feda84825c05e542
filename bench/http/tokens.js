// Tokens that a peer must refuse, and tokens by the million.
import crypto from 'node:crypto';
import { claimsOf } from '../../tests/e2e/harness/server.js';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// HS256 with the header of `token`.
function sign(token, claims, secret) {
  const text = `${token.split('.')[0]}.${encode(claims)}`;
  return `${text}.${crypto.createHmac('sha256', secret).update(text).digest('base64url')}`;
}

export function expire(token, secret) {
  const now = Math.floor(Date.now() / 1000);
  return sign(token, { ...claimsOf(token), iat: now - 7200, auth_time: now - 7200, exp: now - 3600 }, secret);
}

// The first character of the signature is another.
export function forge(token) {
  const [header, claims, signature] = token.split('.');
  return `${header}.${claims}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
}

// `count` tokens like `token`, with ids and users of their own; calls `note(jti)` for each.
export function* tokensLike(token, secret, count, note) {
  const claims = claimsOf(token);
  for (let i = 0; i < count; i++) {
    claims.jti = crypto.randomBytes(16).toString('base64url');
    claims.sid = crypto.randomBytes(16).toString('base64url');
    claims.sub = crypto.randomUUID();
    note(claims.jti);
    yield sign(token, claims, secret);
  }
}
