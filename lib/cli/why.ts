import { shownFieldMap } from '#lib/connection-field-map'
import type { ConnectionView } from '#lib/store/connections'
import type { RecordKey } from '#lib/store/record-pairs'
import { findRecordView, pairStatus, type RecordView } from '#lib/store/views-record'
import { displayText, quoted } from '#lib/sync/display-text'
import type { RecordType } from '#lib/sync/records'
import { usageProblem } from './arguments.ts'
import { localTime, print, printJson, printLine, textTable } from './output.ts'
import { withConnection } from './session.ts'

export interface WhyFlags {
  readonly crm?: string
  readonly json?: boolean
}

/** `why T ERP_KEY` or `why T --crm ID`: why a record did or did not sync in the last run, and the facts of it. */
export function whyCommand(type: RecordType, erpKey: string | undefined, flags: WhyFlags): Promise<number> {
  if ((erpKey === undefined) === (flags.crm === undefined)) {
    throw usageProblem(`Name one record: crosswalk why ${type} KEY, or crosswalk why ${type} --crm ID.`)
  }
  const key: RecordKey = erpKey === undefined ? { crmId: flags.crm ?? '' } : { erpKey }
  return withConnection(async (connection) => {
    const fieldMap = await shownFieldMap(connection.id)
    const record = await findRecordView(connection, type, key, fieldMap[type])
    if (record === null) throw usageProblem(unknownSentence(connection, type, key))
    if (flags.json) await printJson(whyDocument(record))
    else await printForPeople(connection, record)
    return 0
  })
}

function unknownSentence({ erpName, crmName }: ConnectionView, type: RecordType, key: RecordKey): string {
  const [what, side] =
    'erpKey' in key ? [`key ${displayText(key.erpKey)}`, erpName] : [`id ${displayText(key.crmId)}`, crmName]
  return `No ${type} with ${what} is known from ${side}. If it is new there, run a sync so that it is read.`
}

/** What `why --json` prints. */
function whyDocument(record: RecordView) {
  const { type, erpKey, name, crmId, why, run, pair, syncOn, fields, conflicts } = record
  return {
    type,
    erpKey,
    erpName: record.erp === null && pair === null ? null : name,
    crmId,
    crmName: record.crm?.longName ?? record.crm?.name ?? pair?.crmName ?? null,
    status: pairStatus(record),
    reason: why.reason,
    code: why.code,
    sentence: why.sentence,
    run: run && { ...run, finishedAt: run.finishedAt.toISOString() },
    syncToCrm: syncOn,
    lastSyncedAt: pair?.lastSyncedAt?.toISOString() ?? null,
    pinned: pair?.pins ?? [],
    conflicts: conflicts.map(({ field, label, base, erp, crm, decided }) => ({
      field,
      label,
      base,
      erp,
      crm,
      decided,
    })),
    next: fields.flatMap(({ changes }) =>
      changes.map(({ field, label, side = 'crm', from, to, reason }) => ({ field, label, side, from, to, reason })),
    ),
  }
}

async function printForPeople(connection: ConnectionView, record: RecordView): Promise<void> {
  await printLine(record.why.sentence)
  await printLine()
  await print(textTable([{ title: 'fact' }, { title: '' }], facts(connection, record)))
}

const STATUS_WORDS = {
  active: 'paired',
  conflict: 'paired, and a field waits for a person',
  removed: 'had a pair that was removed',
  unpaired: 'not paired',
} as const

function facts({ erpName, crmName }: ConnectionView, record: RecordView): string[][] {
  const { erpKey, crmId, pair, run, why, fields, conflicts } = record
  const next = fields.flatMap((field) => field.changes)
  const rows: (string[] | null)[] = [
    erpKey === null ? null : [`${erpName} key`, erpKey],
    crmId === null ? null : [`${crmName} id`, crmId],
    ['pair', STATUS_WORDS[pairStatus(record)]],
    pair === null ? null : ['Sync to CRM', record.syncOn ? 'on' : 'off'],
    pair === null ? null : ['last synced', localTime(pair.lastSyncedAt?.toISOString() ?? null) || 'never'],
    run === null
      ? null
      : ['last run', `${run.id}, ${run.status.replaceAll('_', ' ')}, ${localTime(run.finishedAt.toISOString())}`],
    why.code === null ? null : ['problem', why.code],
    ...fields.filter((field) => field.isPinned).map((field) => ['pinned', field.label]),
    ...conflicts.map((one) => [
      one.decided ? 'decided' : 'conflict',
      `${one.label}: ${erpName} ${quoted(one.erp, 60)}, ${crmName} ${quoted(one.crm, 60)}, last agreed ${quoted(one.base, 60)}`,
    ]),
    ...next.map((change) => [
      `next, to ${change.side === 'erp' ? erpName : crmName}`,
      `${change.label}: ${quoted(change.from, 60)} becomes ${quoted(change.to, 60)}`,
    ]),
  ]
  return rows.filter((row) => row !== null)
}
