import { Client } from 'pg'

/**
 * A lock that lives exactly as long as the process that holds it: a PostgreSQL session lock on a connection of its
 * own. A killed process loses it at once, so the next one needs no waiting for a heartbeat to grow old. It is a
 * courtesy that spares two processes the same work; the fence is the run's epoch.
 */
export interface RunLock {
  release(): Promise<void>
}

export async function tryRunLock(runId: string): Promise<RunLock | null> {
  const client = new Client({ connectionString: process.env.DATABASE_URL, application_name: 'crosswalk-run-lock' })
  // The lock dies with the connection; without a listener a restart of the database would end this process.
  client.on('error', () => undefined)
  await client.connect()
  let locked = false
  try {
    const answer = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
      [`crosswalk-run:${runId}`],
    )
    locked = answer.rows[0]?.locked === true
  } finally {
    if (!locked) await client.end()
  }
  return locked ? { release: () => client.end() } : null
}
