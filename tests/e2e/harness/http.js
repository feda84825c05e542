// HTTP as tests need it: any method, path and header exactly as given, and raw bytes where Node would be too polite.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

export class Answer {
  constructor(status, rawHeaders, text) {
    this.status = status;
    this.rawHeaders = rawHeaders;
    this.text = text;
  }

  all(name) {
    const found = [];
    for (let i = 0; i < this.rawHeaders.length; i += 2) {
      if (this.rawHeaders[i].toLowerCase() === name.toLowerCase()) found.push(this.rawHeaders[i + 1]);
    }
    return found;
  }

  header(name) {
    const found = this.all(name);
    return found.length === 0 ? undefined : found.join(', ');
  }

  get json() {
    try {
      return JSON.parse(this.text);
    } catch {
      return undefined;
    }
  }

  get code() {
    return this.json?.code ?? this.json?.error;
  }

  // name → {value, attributes (lower-case names)}
  get cookies() {
    const cookies = new Map();
    for (const line of this.all('set-cookie')) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const equals = pair.indexOf('=');
      const parsed = Object.fromEntries(attributes.map((a) => [a.split('=')[0].toLowerCase(), a.split('=')[1] ?? true]));
      cookies.set(pair.slice(0, equals), { value: pair.slice(equals + 1), attributes: parsed });
    }
    return cookies;
  }
}

// headers: an object, or a list of [name, value] where order or repetition matters. localAddress: where the client is.
export function send(origin, method, path, { headers = {}, json, form, body, agent, localAddress } = {}) {
  const list = Array.isArray(headers) ? headers.map((h) => [...h]) : Object.entries(headers);
  const has = (name) => list.some(([n]) => n.toLowerCase() === name);
  let payload = body;
  if (json !== undefined) {
    payload = typeof json === 'string' || Buffer.isBuffer(json) ? json : JSON.stringify(json);
    if (!has('content-type')) list.push(['Content-Type', 'application/json']);
  } else if (form !== undefined) {
    payload = typeof form === 'string' ? form : new URLSearchParams(form).toString();
    if (!has('content-type')) list.push(['Content-Type', 'application/x-www-form-urlencoded']);
  }
  const url = new URL(origin);
  if (!has('host')) list.unshift(['Host', url.host]);
  const bytes = payload === undefined ? undefined : Buffer.from(payload);
  if (!has('content-length') && !has('transfer-encoding') && (bytes !== undefined || method === 'POST' || method === 'PATCH')) {
    list.push(['Content-Length', String(bytes?.length ?? 0)]);
  }
  return new Promise((resolve, reject) => {
    const { request: open } = url.protocol === 'https:' ? https : http;
    const request = open(
      { host: url.hostname.replace(/[[\]]/g, ''), port: url.port, method, path, agent, localAddress, headers: list.flat(), setHost: false },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve(new Answer(response.statusCode, response.rawHeaders, Buffer.concat(chunks).toString('utf8'))),
        );
      },
    );
    request.on('error', reject);
    request.end(bytes);
  });
}

// Sends the bytes as they are and returns everything that came back until the peer closed or was quiet for `quiet` ms.
export function sendRaw(port, bytes, { quiet = 10_000 } = {}) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let closed = false;
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    const finish = () => {
      socket.destroy();
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ text, closed, statuses: [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map((m) => Number(m[1])) });
    };
    socket.setTimeout(quiet, finish);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => (closed = true));
    socket.on('close', () => {
      closed = true;
      finish();
    });
    socket.on('error', (error) => (error.code === 'ECONNREFUSED' ? reject(error) : (closed = true)));
  });
}
