import { Client } from 'pg'

/**
 * A lock that lives exactly as long as the process that holds it: a PostgreSQL session lock on a connection of its
 * own. A killed process loses it at once, so the next one needs no waiting for a heartbeat to grow old. It is a
 * courtesy that spares two processes the same work; the fence is the run's epoch.
 */
export interface RunLock {
  release(): Promise<void>
}

/**
 * The lock of a run, or `null` where another process holds it.
 *
 * @param breakStale ends the holder's session first: its process gives no sign of life (stopped, or its machine gone).
 */
export async function tryRunLock(runId: string, { breakStale = false } = {}): Promise<RunLock | null> {
  const client = new Client({ connectionString: process.env.DATABASE_URL, application_name: 'crosswalk-run-lock' })
  // The lock dies with the connection; without a listener a restart of the database would end this process.
  client.on('error', () => undefined)
  await client.connect()
  let locked = false
  try {
    // A machine that lost its power closes no connection: the server itself has to find out. On a socket these are 0.
    await client.query('SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3')
    if (breakStale) await endHolder(client, runId)
    locked = await lock(client, runId)
  } finally {
    if (!locked) await client.end()
  }
  return locked ? { release: () => client.end() } : null
}

async function lock(client: Client, runId: string): Promise<boolean> {
  const answer = await client.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
    [nameOf(runId)],
  )
  return answer.rows[0]?.locked === true
}

/** The system table shows a lock of 64 bits as two halves. */
async function endHolder(client: Client, runId: string): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid, 5000)
       FROM pg_locks, hashtextextended($1, 0) AS name
      WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND objsubid = 1 AND (classid::int8 << 32 | objid::int8) = name`,
    [nameOf(runId)],
  )
}

function nameOf(runId: string): string {
  return `crosswalk-run:${runId}`
}
