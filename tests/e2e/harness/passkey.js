// An authenticator and its browser in a few lines: for tests that need a passkey, and not to see what a browser does.
import crypto from 'node:crypto';

const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest();

// The CBOR (RFC 8949) that an authenticator writes.
function cbor(value) {
  const head = (major, n) => (n < 24 ? Buffer.from([(major << 5) | n]) : n < 256 ? Buffer.from([(major << 5) | 24, n]) : Buffer.from([(major << 5) | 25, n >> 8, n & 255]));
  if (Number.isInteger(value)) return value < 0 ? head(1, -1 - value) : head(0, value);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === 'string') return Buffer.concat([head(3, value.length), Buffer.from(value)]);
  return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
}

// Holds one ES256 credential. What it says can be changed: `count`, `origin`.
export class SoftAuthenticator {
  constructor(origin) {
    this.origin = origin;
    this.id = crypto.randomBytes(16);
    this.keys = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.count = 0;
  }

  // Answers /auth/passkeys/…/options as PublicKeyCredential.toJSON() would.
  create(options) {
    this.userHandle = options.user.id;
    const { x, y } = this.keys.publicKey.export({ format: 'jwk' });
    const key = cbor(new Map([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, 'base64url')], [-3, Buffer.from(y, 'base64url')]]));
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, key]);
    const authData = this.authenticatorData(options.rp.id, 0x45, credential);
    const attestation = cbor(new Map([['fmt', 'none'], ['attStmt', new Map()], ['authData', authData]]));
    return this.credential({
      clientDataJSON: this.clientData('webauthn.create', options.challenge).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal'],
    });
  }

  get(options) {
    this.count += 1;
    const clientData = this.clientData('webauthn.get', options.challenge);
    const authenticatorData = this.authenticatorData(options.rpId, 0x05);
    const signature = crypto.sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), this.keys.privateKey);
    return this.credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: this.userHandle,
    });
  }

  credential(response) {
    const id = this.id.toString('base64url');
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
  }
  clientData(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }
  authenticatorData(rpId, flags, credential = Buffer.alloc(0)) {
    const fixed = Buffer.alloc(5);
    fixed[0] = flags;
    fixed.writeUInt32BE(this.count, 1);
    return Buffer.concat([sha256(rpId), fixed, credential]);
  }
}

// An account without a password: {email, authenticator, answer}.
export async function signUpWithPasskey(server, email) {
  const authenticator = new SoftAuthenticator(server.publicUrl);
  const options = (await server.post('/auth/passkeys/signup/options', { email })).json;
  const answer = await server.post('/auth/passkeys/signup', { email, credential: authenticator.create(options), delivery: 'body' });
  return { email, authenticator, answer };
}
