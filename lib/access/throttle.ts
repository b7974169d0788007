import { createHash } from 'node:crypto'
import { clearAttempts, countAttempts, forgiveAttempts, removeExpiredAttempts } from '#lib/store/throttle'

const WINDOW_SECONDS = 15 * 60

/** Failures allowed in a quarter of an hour. Per account is generous, so that nobody is locked out by somebody else. */
const LIMITS = { pair: 8, account: 60, address: 60, everywhere: 2000 } as const

export interface Attempt {
  /** `sign-in`, `set-up`. */
  readonly purpose: string
  /** Whose account it is about; absent where there is none. */
  readonly account?: string
  readonly address: string
  /** Instead of the few attempts per account and address that a password gets. */
  readonly allowance?: number
}

/**
 * Counts an attempt before it is made and answers whether it may be made. Counting first means that parallel attempts
 * cannot slip through. Keys are hashes: what was typed is not stored.
 */
export async function admitAttempt(attempt: Attempt): Promise<boolean> {
  const keys = keysOf(attempt)
  const counts = await countAttempts(keys.map(({ key }) => ({ key, windowSeconds: WINDOW_SECONDS })))
  if (counts.every((count) => count === 1)) await removeExpiredAttempts()
  return keys.every(({ limit }, index) => (counts[index] ?? 0) <= limit)
}

/** The attempt succeeded: it counts nowhere, and this person at this address begins anew. */
export async function pardonAttempt(attempt: Attempt): Promise<void> {
  const [pair, ...rest] = keysOf(attempt).map(({ key }) => key)
  if (pair) await clearAttempts([pair])
  await forgiveAttempts(rest)
}

function keysOf({ purpose, account, address, allowance }: Attempt): { key: string; limit: number }[] {
  const keys = [
    { key: digest(purpose, 'pair', account ?? '', address), limit: allowance ?? LIMITS.pair },
    { key: digest(purpose, 'address', address), limit: LIMITS.address },
    { key: digest(purpose, 'everywhere'), limit: LIMITS.everywhere },
  ]
  if (account !== undefined) keys.push({ key: digest(purpose, 'account', account), limit: LIMITS.account })
  return keys
}

function digest(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
