import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { OperatorProblem } from './operator-problem.ts'

/** The key of `.env.example`: known to everyone, so nothing may be sealed with it where it counts. */
export const SAMPLE_ENCRYPTION_KEY = Buffer.from('sample-key-sample-key-sample-key').toString('base64')

const VERSION = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals a credential with AES-256-GCM under `CROSSWALK_ENCRYPTION_KEY`. `aad` says what it is and whose (connection and
 * field, as `<fingerprint>:<field>`), so that an envelope moved to another row does not open there.
 * The envelope names its key by id: `v1.<key id>.<iv>.<sealed>`.
 */
export function seal(plain: string, aad: string, env: NodeJS.ProcessEnv = process.env): string {
  const key = encryptionKey(env)
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(aad))
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [VERSION, key.id, iv.toString('base64url'), sealed.toString('base64url')].join('.')
}

/**
 * Opens an envelope of `seal`. Call it only where the value is used, and keep it nowhere.
 * Throws OperatorProblem when the key is not the one it was sealed with, or when it was changed or moved.
 */
export function open(envelope: string, aad: string, env: NodeJS.ProcessEnv = process.env): string {
  const key = encryptionKey(env)
  const [version, keyId, iv, sealed] = envelope.split('.')
  if (version !== VERSION || !iv || !sealed)
    throw new OperatorProblem('A stored credential is damaged: enter it again.')
  if (keyId !== key.id) {
    throw new OperatorProblem(
      'The stored credentials were sealed with another CROSSWALK_ENCRYPTION_KEY: set the one they were made with, or enter them again.',
    )
  }
  try {
    const bytes = Buffer.from(sealed, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64url'), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(aad))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    throw new OperatorProblem('A stored credential does not open where it is kept: enter it again.')
  }
}

/** One sentence when this process may not keep credentials (product §4, security: start refuses), else null. */
export function encryptionKeyProblem(env: NodeJS.ProcessEnv = process.env): string | null {
  const value = env.CROSSWALK_ENCRYPTION_KEY?.trim()
  if (!value) return 'CROSSWALK_ENCRYPTION_KEY is missing: openssl rand -base64 32 makes one.'
  if (Buffer.from(value, 'base64').length !== 32) {
    return 'CROSSWALK_ENCRYPTION_KEY must be 32 bytes in base64: openssl rand -base64 32 makes one.'
  }
  if (value === SAMPLE_ENCRYPTION_KEY && env.NODE_ENV === 'production') {
    return 'CROSSWALK_ENCRYPTION_KEY is the sample of .env.example, which everyone knows: openssl rand -base64 32 makes one.'
  }
  return null
}

/** Names a key without telling anything about it. */
function encryptionKey(env: NodeJS.ProcessEnv): { id: string; bytes: Buffer } {
  const problem = encryptionKeyProblem(env)
  if (problem) throw new OperatorProblem(problem)
  const bytes = Buffer.from(env.CROSSWALK_ENCRYPTION_KEY ?? '', 'base64')
  return { id: createHash('sha256').update('crosswalk key id').update(bytes).digest('hex').slice(0, 8), bytes }
}
