// What the tutorials build, without what they forget: the algorithm is pinned, the blacklist is asked, errors are refusals.
// PORT, REDIS_PORT, SECRET, and KEY: "string" (jwt.verify(token, process.env.SECRET), as they all have it) or "object".
import crypto from 'node:crypto';
import express from 'express';
import Redis from 'ioredis';
import jwt from 'jsonwebtoken';

const { PORT, REDIS_PORT, SECRET, KEY } = process.env;
const key = KEY === 'object' ? crypto.createSecretKey(Buffer.from(SECRET)) : SECRET;
const redis = new Redis({ host: '127.0.0.1', port: Number(REDIS_PORT) });
const app = express();
app.disable('x-powered-by');
app.disable('etag');

async function authenticate(request, response, next) {
  const token = request.headers.authorization?.split(' ')[1];
  if (!token) return response.status(401).json({ message: 'no token' });
  if (await redis.get(`blacklist:${token}`)) return response.status(401).json({ message: 'token revoked' });
  try {
    request.user = jwt.verify(token, key, { algorithms: ['HS256'] });
  } catch {
    return response.status(401).json({ message: 'invalid token' });
  }
  next();
}

app.get('/', authenticate, (request, response) => {
  response.set({ 'X-Auth-User': request.user.sub, 'X-Auth-Session': request.user.sid, 'Cache-Control': 'no-store' });
  response.status(200).end();
});

app.listen(Number(PORT), '127.0.0.1');
