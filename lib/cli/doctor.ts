import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { checkConnection } from '#lib/console'
import { describeUrl } from '#lib/ops/database-problem'
import { readMigrations } from '#lib/ops/migrations'
import { installationRoot } from '#lib/ops/root'
import type { ConnectionView } from '#lib/store/connections'
import type { CheckFinding } from '#lib/sync/ports'
import { print, printJson, textTable } from './output.ts'
import { readSetting, requireConnection, type Session, withSession } from './session.ts'

/** One line of the check list: of the two systems, or (`side: null`) of this installation. */
export interface DoctorFinding {
  readonly check: CheckFinding['check'] | 'database' | 'migrations' | 'disk'
  readonly side: 'erp' | 'crm' | null
  readonly level: 'ok' | 'warning' | 'error'
  readonly message: string
}

/** `doctor`: everything a sync needs. 1 when something is wrong that would stop it. */
export async function doctor(flags: { readonly json?: boolean }): Promise<number> {
  const disk = await checkDisk(readSetting().paths.directory)
  return withSession(
    async (session) => {
      const connection = await requireConnection()
      const own = [disk, await checkDatabase(session), await checkMigrations(session)]
      return report([...own, ...(await checkConnection(connection.id))], connection, flags)
    },
    ({ message }) => report([disk, { check: 'database', side: null, level: 'error', message }], null, flags),
  )
}

async function report(
  findings: readonly DoctorFinding[],
  connection: ConnectionView | null,
  flags: { readonly json?: boolean },
): Promise<number> {
  if (flags.json) await printJson(findings.map(({ check, side, level, message }) => ({ check, side, level, message })))
  else
    await print(
      textTable(
        COLUMNS,
        findings.map((finding) => [finding.level, where(finding, connection), finding.check, finding.message]),
      ),
    )
  return findings.some((finding) => finding.level === 'error') ? 1 : 0
}

const COLUMNS = [{ title: '' }, { title: 'where' }, { title: 'check' }, { title: 'finding' }] as const

function where(finding: DoctorFinding, connection: ConnectionView | null): string {
  if (finding.side === 'erp') return connection?.erpName ?? 'ERP'
  return finding.side === 'crm' ? (connection?.crmName ?? 'CRM') : 'Crosswalk'
}

async function checkDatabase(session: Session): Promise<DoctorFinding> {
  const { server, database } = describeUrl(session.databaseUrl)
  const client = new pg.Client({ connectionString: session.databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ version: string; size: string }>(
      `SELECT current_setting('server_version') AS version, pg_size_pretty(pg_database_size(current_database())) AS size`,
    )
    const message = `PostgreSQL ${rows[0]?.version} at ${server} answers; the database ${database} takes ${rows[0]?.size}.`
    return { check: 'database', side: null, level: 'ok', message }
  } finally {
    await client.end()
  }
}

async function checkMigrations(session: Session): Promise<DoctorFinding> {
  const all = await readMigrations(join(installationRoot, 'prisma', 'migrations'))
  const applied = session.migrated.length > 0 ? ` (applied just now: ${session.migrated.join(', ')})` : ''
  const message = `The database has all ${all.length} migrations of this version${applied}.`
  return { check: 'migrations', side: null, level: 'ok', message }
}

const GIB = 1024 ** 3
const NEEDED_BYTES = GIB / 4
const WANTED_BYTES = GIB

async function checkDisk(directory: string): Promise<DoctorFinding> {
  const disk = await statfs(directory).catch(() => statfs(installationRoot))
  const free = disk.bavail * disk.bsize
  const level = free < NEEDED_BYTES ? 'error' : free < WANTED_BYTES ? 'warning' : 'ok'
  const advice = level === 'ok' ? '' : ' Free some space: a sync needs a quarter of a GB, and the log grows.'
  return {
    check: 'disk',
    side: null,
    level,
    message: `${(free / GIB).toFixed(1)} GB are free where the data is kept.${advice}`,
  }
}
