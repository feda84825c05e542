// A real SMTP server that keeps what it is sent: with STARTTLS under a certificate of its own, with log-in, or failing at first.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { makeTempDirectory, waitUntil } from './place.js';

// A certificate for `names`, and what trusts it.
export function makeCertificate(...names) {
  const directory = makeTempDirectory('certificate');
  const key = path.join(directory, 'key.pem');
  const cert = path.join(directory, 'cert.pem');
  const subject = names.map((name) => (/^[0-9.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=test', '-addext', `subjectAltName=${subject}`, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { directory, keyFile: key, certFile: cert, key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
}

// certificate: offers STARTTLS with it. user, password: demands them. refusals: answers to the first mails, as [code, text].
export async function startSmtpServer(options = {}) {
  const server = new MailServer(options);
  await new Promise((resolve) => server.smtp.listen(0, '127.0.0.1', resolve));
  return server;
}

class MailServer {
  constructor({ certificate, user, password, refusals = [] }) {
    this.mails = []; // parsed, with `envelope`, `raw` and `secure`
    this.tried = 0;
    this.refusals = refusals;
    const disabled = [...(certificate ? [] : ['STARTTLS']), ...(user ? [] : ['AUTH'])];
    this.smtp = new SMTPServer({
      ...(certificate && { key: certificate.key, cert: certificate.cert }),
      disabledCommands: disabled,
      authOptional: !user,
      disableReverseLookup: true,
      onAuth: (auth, session, done) => (auth.username === user && auth.password === password ? done(null, { user }) : done(new Error('no'))),
      onData: (stream, session, done) => this.take(stream, session, done),
    });
    this.smtp.on('error', () => {}); // a client that hangs up
  }

  async take(stream, session, done) {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    this.tried += 1;
    const refusal = this.refusals.shift();
    if (refusal) return done(Object.assign(new Error(refusal[1]), { responseCode: refusal[0] }));
    const raw = Buffer.concat(chunks).toString('latin1');
    const mail = await PostalMime.parse(Buffer.concat(chunks));
    this.mails.push({ ...mail, raw, secure: session.secure, user: session.user, envelope: { from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((r) => r.address) } });
    return done();
  }

  get url() {
    return `smtp://127.0.0.1:${this.smtp.server.address().port}`;
  }

  to(address) {
    return this.mails.filter((mail) => mail.envelope.to.includes(address));
  }

  // The n-th mail to an address, from 1, and of one subject where one is given.
  async wait(address, { subject = /./, count = 1, timeout = 30_000 } = {}) {
    const found = () => this.to(address).filter((mail) => subject.test(mail.subject));
    await waitUntil(() => found().length >= count, { what: `mail ${count} to ${address}`, timeout });
    return found()[count - 1];
  }

  stop() {
    return new Promise((resolve) => this.smtp.close(resolve));
  }
}

export const linkOf = (mail) => mail.text.match(/https?:\/\/\S+/)[0];
export const tokenOf = (mail) => new URLSearchParams(new URL(linkOf(mail)).hash.slice(1)).get('token');
