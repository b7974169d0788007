import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'

/** argon2id with 64 MiB, three passes, one lane: about 170 ms (guide/security.md, Passwords). */
const COST = { memory: 65_536, passes: 3, parallelism: 1 } as const
const TAG_BYTES = 32
const SALT_BYTES = 16
/** Each check holds 64 MiB: more at once would let sign-ins exhaust the memory. */
const AT_ONCE = 4
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** Stands in for the account that does not exist, so that both refusals cost the same. No password gives this tag. */
const NOBODY = `$argon2id$v=19$m=65536,t=3,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

const gate = globalThis as { crosswalkPasswordGate?: { running: number; waiting: (() => void)[] } }

/** The string to store: algorithm, cost, salt and tag in PHC form. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const tag = await derive(password, salt, COST, TAG_BYTES)
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${plain(salt)}$${plain(tag)}`
}

export type PasswordVerdict = { readonly matches: boolean; readonly needsRehash: boolean }

/** Compares in constant time. Without a stored hash it works as long and answers no. */
export async function verifyPassword(password: string, stored: string | null): Promise<PasswordVerdict> {
  const parts = PHC.exec(stored ?? NOBODY)
  const [, memory, passes, parallelism, salt, tag] = parts ?? []
  if (!salt || !tag) throw new Error('A stored password hash is not in the form this version writes.')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const expected = Buffer.from(tag, 'base64')
  const actual = await derive(password, Buffer.from(salt, 'base64'), cost, expected.length)
  const matches = stored !== null && timingSafeEqual(actual, expected)
  const isCurrent = cost.memory === COST.memory && cost.passes === COST.passes && cost.parallelism === COST.parallelism
  return { matches, needsRehash: matches && !isCurrent }
}

/** A password for somebody else to use once: 20 characters that no two of look alike, 97 bits. */
export function generatePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  const usable = 256 - (256 % alphabet.length)
  const letters: string[] = []
  while (letters.length < 20) {
    for (const byte of randomBytes(32)) {
      if (byte < usable && letters.length < 20) letters.push(alphabet.charAt(byte % alphabet.length))
    }
  }
  return [0, 5, 10, 15].map((start) => letters.slice(start, start + 5).join('')).join('-')
}

async function derive(
  password: string,
  salt: Buffer,
  cost: { memory: number; passes: number; parallelism: number },
  tagLength: number,
): Promise<Buffer> {
  await enter()
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      const input = { message: password.normalize('NFKC'), nonce: salt, ...cost, tagLength }
      argon2('argon2id', input, (error, key) => (error ? reject(error) : resolve(key)))
    })
  } finally {
    leave()
  }
}

async function enter(): Promise<void> {
  gate.crosswalkPasswordGate ??= { running: 0, waiting: [] }
  const { crosswalkPasswordGate: state } = gate
  if (state.running < AT_ONCE) {
    state.running += 1
    return
  }
  await new Promise<void>((resolve) => state.waiting.push(resolve))
}

/** Hands the place to the next in line, if any. */
function leave(): void {
  const state = gate.crosswalkPasswordGate
  if (!state) return
  const next = state.waiting.shift()
  if (next) next()
  else state.running -= 1
}

function plain(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
