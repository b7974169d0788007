import { randomUUIDv7 } from 'node:crypto'
import type { AlertKind } from '#lib/sync/alerts'
import { type Database, database } from './database.ts'

/** An alert is something that is wrong with a connection until it recovers. */
export interface AlertView {
  readonly id: string
  readonly kind: AlertKind
  /** A complete sentence. */
  readonly message: string
  readonly connectionId: string
  readonly connectionName: string
  readonly runId: string | null
  /** ISO 8601 UTC. */
  readonly openedAt: string
}

/**
 * Opens an alert and answers its id; `null` while one of its kind is open for the connection, which a partial unique
 * index holds whoever else opens one at the same moment.
 */
export async function openAlert(
  tx: Database,
  alert: {
    readonly connectionId: string
    readonly kind: AlertKind
    readonly runId: string | null
    readonly message: string
  },
): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO alert (id, connection_id, kind, run_id, message)
    VALUES (${randomUUIDv7()}::uuid, ${alert.connectionId}::uuid, ${alert.kind}::alert_kind, ${alert.runId}::uuid,
            ${alert.message})
    ON CONFLICT (connection_id, kind) WHERE recovered_at IS NULL DO NOTHING
    RETURNING id`
  return rows[0]?.id ?? null
}

/** An alert that was open until now. */
export interface ClosedAlert {
  readonly id: string
  readonly kind: AlertKind
  readonly message: string
  readonly openedAt: Date
}

/** Ends the open alerts of these kinds. Answers those that were open: whoever asks second gets none. */
export async function closeAlerts(
  tx: Database,
  connectionId: string,
  kinds: readonly AlertKind[],
): Promise<ClosedAlert[]> {
  if (kinds.length === 0) return []
  return tx.$queryRaw<ClosedAlert[]>`
    UPDATE alert SET recovered_at = now()
     WHERE connection_id = ${connectionId}::uuid AND kind = ANY(${[...kinds]}::text[]::alert_kind[])
       AND recovered_at IS NULL
    RETURNING id, kind::text AS kind, message, opened_at AS "openedAt"`
}

/** What is wrong just now, the oldest first: of one connection, or of all. */
export async function listOpenAlerts(connectionId?: string): Promise<AlertView[]> {
  const rows = await database().alert.findMany({
    where: { recoveredAt: null, ...(connectionId === undefined ? {} : { connectionId }) },
    orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
    include: { connection: { select: { name: true } } },
  })
  return rows.map(({ id, kind, message, connectionId: of, connection, runId, openedAt }) => {
    return {
      id,
      kind,
      message,
      connectionId: of,
      connectionName: connection.name,
      runId,
      openedAt: openedAt.toISOString(),
    }
  })
}

export interface AlertSettings {
  readonly connection: string
  readonly names: { readonly erp: string; readonly crm: string }
  readonly driftPercent: number
}

/** What the words and rules of an alert need to know of its connection. */
export async function findAlertSettings(tx: Database, connectionId: string): Promise<AlertSettings> {
  const row = await tx.connection.findUniqueOrThrow({
    where: { id: connectionId },
    select: { name: true, erpName: true, crmName: true, driftPercent: true },
  })
  return { connection: row.name, names: { erp: row.erpName, crm: row.crmName }, driftPercent: row.driftPercent }
}
