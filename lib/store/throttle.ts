import { type Database, database } from './database.ts'

/**
 * Counts one more attempt under each key and answers the counts in the keys' order. A window begins with its first
 * attempt and ends `windowSeconds` later, by the database's clock.
 */
export async function countAttempts(
  keys: readonly { readonly key: string; readonly windowSeconds: number }[],
): Promise<number[]> {
  const rows = await database().$queryRaw<{ key: string; count: number }[]>`
    INSERT INTO throttle_counter AS t (key, count, expires_at)
    SELECT k, 1, now() + make_interval(secs => w)
      FROM unnest(${keys.map(({ key }) => key)}::text[], ${keys.map(({ windowSeconds }) => windowSeconds)}::int[]) AS given(k, w)
     ORDER BY k
        ON CONFLICT (key) DO UPDATE
       SET count = CASE WHEN t.expires_at < now() THEN 1 ELSE t.count + 1 END,
           expires_at = CASE WHEN t.expires_at < now() THEN excluded.expires_at ELSE t.expires_at END
    RETURNING key, count`
  const counts = new Map(rows.map(({ key, count }) => [key, count]))
  return keys.map(({ key }) => counts.get(key) ?? 0)
}

/** Takes one attempt back from each key: it turned out to be no failure. */
export async function forgiveAttempts(keys: readonly string[]): Promise<void> {
  await database()
    .$executeRaw`UPDATE throttle_counter SET count = greatest(count - 1, 0) WHERE key = ANY(${[...keys]}::text[])`
}

export async function clearAttempts(keys: readonly string[]): Promise<void> {
  await database().throttleCounter.deleteMany({ where: { key: { in: [...keys] } } })
}

/** Removes counters whose window has passed. */
export async function removeExpiredAttempts(db: Database = database()): Promise<number> {
  return (await db.throttleCounter.deleteMany({ where: { expiresAt: { lt: new Date() } } })).count
}
