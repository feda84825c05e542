// Another system's key set at a URL: counts who asks, rotates, goes down, hangs, and answers nonsense.
import crypto from 'node:crypto';
import http from 'node:http';
import * as jose from 'jose';

export class Signer {
  constructor(alg, kid, privateKey, jwk) {
    Object.assign(this, { alg, kid, privateKey, jwk });
  }

  // kid undefined: neither the key nor its tokens name one.
  static async make({ alg = 'RS256', kid = crypto.randomBytes(6).toString('hex') } = {}) {
    const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await jose.exportJWK(publicKey)), alg, use: 'sig', ...(kid && { kid }) };
    return new Signer(alg, kid, privateKey, jwk);
  }

  sign(claims, header = {}) {
    const named = this.kid === undefined ? {} : { kid: this.kid };
    return new jose.SignJWT(claims).setProtectedHeader({ alg: this.alg, typ: 'JWT', ...named, ...header }).sign(this.privateKey);
  }
}

export async function startJwksServer(...signers) {
  const server = new JwksServer(signers);
  await new Promise((resolve) => server.http.listen(0, '127.0.0.1', resolve));
  return server;
}

class JwksServer {
  constructor(signers) {
    this.signers = signers;
    this.requests = 0;
    this.strays = 0; // requests for anything but the key set
    this.answer = undefined; // (response) => …, instead of the key set
    this.sockets = new Set();
    this.http = http.createServer((request, response) => {
      if (request.url !== '/jwks') this.strays += 1;
      else this.requests += 1;
      if (this.answer) return this.answer(response);
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(this.document()));
    });
    this.http.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  document() {
    return { keys: this.signers.map((signer) => signer.jwk) };
  }

  get port() {
    return this.http.address().port;
  }
  get url() {
    return `http://127.0.0.1:${this.port}/jwks`;
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.http.close(resolve));
  }

  async restart(port) {
    await new Promise((resolve) => this.http.listen(port, '127.0.0.1', resolve));
  }
}
