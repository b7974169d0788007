import { randomUUIDv7 } from 'node:crypto'
import { database } from '#lib/store/database'
import type { LogSeverity } from '#lib/store/log-filter'
import { GONE_IN_CRM } from '#lib/store/removal-causes'
import type { RecordType } from '#lib/sync/records'

/** Rows as runs leave them behind, for tests of what the screens read. Only what matters to a test is given. */

export async function insertConnection(name = 'Test firm'): Promise<string> {
  const id = randomUUIDv7()
  await database().connection.create({ data: { id, name, origin: 'screen', fingerprint: id } })
  return id
}

export interface PairInput {
  type?: RecordType
  erpKey: string
  erpName?: string
  crmId?: string
  crmName?: string
  matchedBy?: 'name' | 'person' | 'created' | 'adopted'
  createdBy?: string
  lastSyncedAt?: Date | null
  removedAt?: Date | null
  removedCause?: string
  base?: Record<string, string>
}

export async function insertPairs(connectionId: string, pairs: readonly PairInput[]): Promise<void> {
  await database().crmMapping.createMany({
    data: pairs.map((pair) => ({
      id: randomUUIDv7(),
      connectionId,
      type: pair.type ?? 'project',
      erpKey: pair.erpKey,
      erpName: pair.erpName ?? `Project ${pair.erpKey}`,
      crmId: pair.crmId ?? `P-${pair.erpKey}`,
      crmName: pair.crmName ?? pair.erpName ?? `Project ${pair.erpKey}`,
      matchedBy: pair.matchedBy ?? 'name',
      createdBy: pair.createdBy ?? 'sync',
      lastSyncedAt: pair.lastSyncedAt ?? null,
      ...(pair.removedAt
        ? { removedAt: pair.removedAt, removedBy: 'sync', removedCause: pair.removedCause ?? GONE_IN_CRM }
        : {}),
      ...(pair.base ? { base: pair.base } : {}),
    })),
  })
}

export interface FindingInput {
  type?: RecordType
  erpKey: string
  erpName?: string
  kind: 'no_match' | 'ambiguous' | 'suggested'
  crmIds?: string[]
}

export async function insertFindings(connectionId: string, findings: readonly FindingInput[]): Promise<void> {
  const runId = randomUUIDv7()
  await database().matchFinding.createMany({
    data: findings.map((finding) => ({
      connectionId,
      type: finding.type ?? 'project',
      erpKey: finding.erpKey,
      erpName: finding.erpName ?? `Project ${finding.erpKey}`,
      kind: finding.kind,
      crmIds: finding.crmIds ?? [],
      erpKeys: [],
      firstRunId: runId,
      lastRunId: runId,
    })),
  })
}

export interface LineInput {
  at?: string
  severity?: LogSeverity
  code?: string | null
  method?: string
  type?: RecordType | null
  erpKey?: string | null
  erpName?: string | null
  crmId?: string | null
  message?: string
  runId?: string | null
  details?: unknown
}

/** `at` carries microseconds, which no Date does; so the rows go in as JSON. */
export async function insertLines(connectionId: string, lines: readonly LineInput[]): Promise<void> {
  const rows = lines.map((line) => ({
    at: '2026-05-04T10:00:00.000000Z',
    severity: 'info',
    method: 'Synchronize',
    message: 'Sync Completed',
    ...line,
    id: randomUUIDv7(),
    connection_id: connectionId,
    run_id: line.runId ?? null,
    erp_key: line.erpKey ?? null,
    erp_name: line.erpName ?? null,
    crm_id: line.crmId ?? null,
  }))
  await database().$executeRaw`
    INSERT INTO integration_log_entry
    SELECT * FROM jsonb_populate_recordset(NULL::integration_log_entry, ${JSON.stringify(rows)}::jsonb)`
}

export async function insertProject(
  connectionId: string,
  project: { key: string; name: string; syncToCrm?: boolean },
): Promise<void> {
  await database().project.create({
    data: {
      connectionId,
      key: project.key,
      name: project.name,
      fields: { Description: project.name },
      contentHash: 'x',
      syncToCrm: project.syncToCrm ?? true,
      readAt: new Date(),
    },
  })
}

export async function insertClient(connectionId: string, client: { key: string; name: string }): Promise<void> {
  await database().client.create({
    data: { connectionId, ...client, fields: {}, contentHash: 'x', readAt: new Date() },
  })
}

export async function insertCrmRecord(
  connectionId: string,
  record: { type?: RecordType; id: string; name: string; longName?: string | null; goneAt?: Date },
): Promise<void> {
  await database().crmRecord.create({
    data: {
      connectionId,
      type: record.type ?? 'project',
      id: record.id,
      name: record.name,
      longName: record.longName ?? null,
      fields: {},
      contentHash: 'x',
      readAt: new Date(),
      goneAt: record.goneAt ?? null,
    },
  })
}
