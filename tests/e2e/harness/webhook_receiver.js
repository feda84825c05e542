// A receiver of webhooks as somebody else would write it: it verifies with the library of Standard Webhooks and keeps what it took.
import crypto from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { Webhook } from 'standardwebhooks';
import { findFreePort } from './place.js';

// certificate: of makeCertificate(), for https. secret: "whsec_…", or any other text.
export async function startReceiver({ certificate, secret = `whsec_${crypto.randomBytes(32).toString('base64')}` } = {}) {
  const receiver = new WebhookReceiver(certificate, secret, await findFreePort());
  await receiver.start();
  return receiver;
}

class WebhookReceiver {
  constructor(certificate, secret, port) {
    Object.assign(this, { certificate, port });
    this.exchangeSecret(secret);
    this.url = `${certificate ? 'https' : 'http'}://127.0.0.1:${port}/hook`;
    this.taken = []; // {id, event, text}: what was answered 200
    this.tries = []; // ids, those of `taken` among them
    this.forged = 0; // what the library refused
    this.connections = 0;
    this.strays = 0; // requests for anything but the hook
    this.delay = 0; // ms between taking an event and saying so
    this.answer = undefined; // (response) => …, instead of taking it
  }

  exchangeSecret(secret) {
    this.secret = secret;
    this.verifier = new Webhook(secret, secret.startsWith('whsec_') ? undefined : { format: 'raw' });
  }

  start() {
    const handler = (request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => this.hear(request, Buffer.concat(chunks), response));
    };
    this.sockets = new Set();
    this.http = this.certificate ? https.createServer(this.certificate, handler) : http.createServer(handler);
    this.http.on('connection', (socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      socket.on('error', () => {});
    });
    this.http.on('tlsClientError', () => {});
    return new Promise((resolve) => this.http.listen(this.port, '127.0.0.1', resolve));
  }

  hear(request, text, response) {
    if (request.url !== '/hook' || request.method !== 'POST' || request.headers['content-type'] !== 'application/json') {
      this.strays += 1;
      return response.writeHead(404).end();
    }
    const id = request.headers['webhook-id'];
    this.tries.push(id);
    if (this.answer) return this.answer(response);
    try {
      this.taken.push({ id, event: this.verifier.verify(text, request.headers), text: text.toString('utf8') });
      setTimeout(() => response.writeHead(200).end('thanks'), this.delay);
    } catch {
      this.forged += 1;
      response.writeHead(400).end();
    }
  }

  get seqs() {
    return this.taken.map(({ event }) => event.seq);
  }

  // As a table of [[webhooks]].
  table(name, more = {}) {
    return { name, url: this.url, secret: this.secret, ...more };
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
