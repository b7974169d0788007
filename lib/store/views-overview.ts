import { problemCodes } from '#lib/sync/problems'
import { remoteProblems } from '#lib/sync/problems-remote'
import type { RecordType } from '#lib/sync/records'
import { database } from './database.ts'
import type { RunCheckpoint, RunKind } from './runs.ts'

/** What the newest run found when it checked both systems (sync-rules §2.4). */
export interface LastCheckView {
  readonly runId: string
  /** ISO 8601 UTC. */
  readonly at: string
  /** `null`: the check is still going, or the run never came to it. */
  readonly passed: boolean | null
  /** Warnings and errors of the check, each a complete sentence that names its system. */
  readonly findings: readonly {
    readonly severity: 'warning' | 'error'
    readonly code: string
    readonly message: string
  }[]
}

/** Records that wait for somebody because of the same problem. */
export interface OpenProblemView {
  readonly code: string
  readonly count: number
  readonly types: readonly RecordType[]
}

/** Outcomes of one day's runs, by UTC day. Records with nothing to do are not in it. */
export interface DayOutcomes {
  /** `YYYY-MM-DD`. */
  readonly day: string
  readonly runs: number
  readonly created: number
  readonly updated: number
  readonly mapped: number
  readonly conflict: number
  readonly failed: number
}

export interface ActivityView {
  readonly seq: string
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly subject: string | null
  /** Of `run.start`: what kind of run it was. */
  readonly runKind: RunKind | null
}

/** What a check can find. One that could not be made at all has the code of the call that failed. */
const CHECK_CODES: readonly string[] = [
  problemCodes.unreachableAtCheck,
  problemCodes.signInRefusedAtCheck,
  problemCodes.permissionMissing,
  problemCodes.externalKeyMissing,
  problemCodes.customFieldMissing,
  problemCodes.clocksDiffer,
]

const RUNS_LOOKED_AT = 10
const DAY_MILLISECONDS = 86_400_000

/** The check of the newest run that has begun; `null` before the first one. */
export async function findLastCheck(connectionId: string): Promise<LastCheckView | null> {
  const run = await database().syncRun.findFirst({
    where: { connectionId, startedAt: { not: null } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true, createdAt: true, startedAt: true, state: true, checkpoint: true },
  })
  if (!run) return null
  const done = (run.checkpoint as Partial<RunCheckpoint>).done ?? []
  const passed = done.includes('preflight') ? true : run.state === 'failed' ? false : null
  const lines = await database().integrationLogEntry.findMany({
    where: {
      runId: run.id,
      at: { gte: run.createdAt },
      severity: { not: 'info' },
      code: { in: [...CHECK_CODES, ...(passed === false ? Object.keys(remoteProblems) : [])] },
    },
    orderBy: [{ severity: 'desc' }, { at: 'asc' }, { id: 'asc' }],
    // The last line of a run repeats what ended it.
    distinct: ['message'],
    select: { severity: true, code: true, message: true },
  })
  return {
    runId: run.id,
    at: (run.startedAt ?? run.createdAt).toISOString(),
    passed,
    findings: lines.map(({ severity, code, message }) => ({
      severity: severity === 'error' ? 'error' : 'warning',
      code: code ?? '',
      message,
    })),
  }
}

/**
 * Records whose last attempt failed, by problem, the most frequent first: paired ones by what their pair remembers,
 * unpaired ones by their last create in the newest finished runs. A few of these, since a cancelled run, or one that
 * left a backlog, comes to no creates.
 */
export async function listOpenProblems(connectionId: string): Promise<OpenProblemView[]> {
  return database().$queryRaw<OpenProblemView[]>`
    WITH newest_run AS (
      SELECT id FROM sync_run
       WHERE connection_id = ${connectionId}::uuid AND state NOT IN ('queued', 'running', 'previewed')
       ORDER BY created_at DESC, id DESC LIMIT ${RUNS_LOOKED_AT}
    ), failed_create AS (
      SELECT DISTINCT ON (i.type, i.erp_key) i.problem_code AS code, i.type, i.erp_key FROM sync_item i
       WHERE i.run_id IN (SELECT id FROM newest_run) AND i.action = 'create' AND i.outcome = 'failed'
         AND i.problem_code IS NOT NULL
       ORDER BY i.type, i.erp_key, i.id DESC
    ), problem AS (
      SELECT m.last_problem AS code, m.type FROM crm_mapping m
       WHERE m.connection_id = ${connectionId}::uuid AND m.removed_at IS NULL AND m.last_problem IS NOT NULL
      UNION ALL
      SELECT f.code, f.type FROM failed_create f
       WHERE NOT EXISTS (SELECT 1 FROM crm_mapping m
                          WHERE m.connection_id = ${connectionId}::uuid AND m.type = f.type AND m.erp_key = f.erp_key
                            AND m.removed_at IS NULL)
    )
    SELECT code, count(*)::int AS count, array_agg(DISTINCT type::text ORDER BY type::text) AS types
      FROM problem GROUP BY code ORDER BY count DESC, code`
}

/** Records that matching left to a person: no pair found, or more than one (sync-rules §4.7–4.8). */
export async function countForReview(connectionId: string): Promise<{ noMatch: number; ambiguous: number }> {
  const rows = await database().matchFinding.groupBy({ by: ['kind'], where: { connectionId }, _count: true })
  const count = (kind: 'no_match' | 'ambiguous') => rows.find((row) => row.kind === kind)?._count ?? 0
  return { noMatch: count('no_match'), ambiguous: count('ambiguous') }
}

/**
 * What the runs of the last `days` days did, one entry per UTC day, the oldest first, days without a run included.
 * From the counters kept per run, so it costs the same whatever the number of records. Previews changed nothing.
 */
export async function outcomesPerDay(connectionId: string, days: number, now: Date): Promise<DayOutcomes[]> {
  const first = new Date(
    Math.floor(now.getTime() / DAY_MILLISECONDS) * DAY_MILLISECONDS - (days - 1) * DAY_MILLISECONDS,
  )
  const rows = await database().$queryRaw<DayOutcomes[]>`
    SELECT to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(DISTINCT r.id)::int AS runs,
           coalesce(sum((c.counts->>'created')::int), 0)::int AS created,
           coalesce(sum((c.counts->>'updated')::int), 0)::int AS updated,
           coalesce(sum((c.counts->>'mapped')::int), 0)::int AS mapped,
           coalesce(sum((c.counts->>'conflict')::int), 0)::int AS conflict,
           coalesce(sum((c.counts->>'failed')::int), 0)::int AS failed
      FROM sync_run r LEFT JOIN LATERAL jsonb_each(r.counters) AS c(type, counts) ON true
     WHERE r.connection_id = ${connectionId}::uuid AND r.created_at >= ${first} AND r.state <> 'previewed'
     GROUP BY 1`
  const byDay = new Map(rows.map((row) => [row.day, row]))
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(first.getTime() + index * DAY_MILLISECONDS).toISOString().slice(0, 10)
    return byDay.get(day) ?? { day, runs: 0, created: 0, updated: 0, mapped: 0, conflict: 0, failed: 0 }
  })
}

/** The newest lines of the audit trail: who did what. */
export async function recentActivity(limit: number): Promise<ActivityView[]> {
  const rows = await database().auditEvent.findMany({
    orderBy: { seq: 'desc' },
    take: limit,
    select: { seq: true, at: true, actor: true, action: true, subject: true, details: true },
  })
  return rows.map(({ details, ...row }) => {
    const runKind = row.action === 'run.start' ? ((details as { kind?: RunKind }).kind ?? null) : null
    return { ...row, seq: row.seq.toString(), at: row.at.toISOString(), runKind }
  })
}
