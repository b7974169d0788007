import type { SideNames } from '#lib/sync/messages'
import type { UpdatePlan } from '#lib/sync/plan'
import type { RecordField } from '#lib/sync/record-fields'
import type { CrmRecord, ErpRecord, RecordType } from '#lib/sync/records'
import type { WhyFacts } from '#lib/sync/why'
import { database } from './database.ts'
import { findOpenIntents } from './intents.ts'
import type { RecordPair } from './record-pairs.ts'
import { afterRemovalOf } from './removal-causes.ts'
import type { ConflictView } from './views-conflicts.ts'
import { type AskedRun, findAskedRun } from './why-run.ts'

/** A record with everything that is known of it here. */
export interface GatheredRecord {
  readonly connectionId: string
  readonly names: SideNames
  readonly type: RecordType
  /** Empty: the record is not in the ERP. */
  readonly erpKey: string
  readonly crmId: string | null
  readonly name: string
  readonly erp: ErpRecord | null
  readonly crm: CrmRecord | null
  readonly isGoneInCrm: boolean
  readonly pair: RecordPair | null
  readonly syncOn: boolean
  readonly pastPairs: readonly RecordPair[]
  readonly fields: readonly RecordField[]
  readonly plan: UpdatePlan | null
  readonly conflicts: readonly ConflictView[]
}

/** What {@link WhyFacts} are made of: the record, and the last run that dealt with it or could have. */
export async function gatherWhyFacts(
  record: GatheredRecord,
): Promise<{ readonly facts: WhyFacts; readonly asked: AskedRun | null }> {
  const { connectionId, type, erpKey, crmId, erp, crm } = record
  const [asked, finding, intents] = await Promise.all([
    findAskedRun(record),
    database().matchFinding.findFirst({
      where: { connectionId, type, erpKey },
      select: { kind: true, crmIds: true, erpKeys: true },
    }),
    record.pair ? [] : findOpenIntents({ connectionId, type, direction: erp ? 'to_crm' : 'to_erp' }),
  ])
  const endedAt = asked?.run.finishedAt ?? null
  const facts: WhyFacts = {
    names: record.names,
    subject: { type, erpKey, erpName: record.name, crmId },
    run: asked?.why ?? null,
    items: asked?.items ?? [],
    erp: erp && { ...erp, lastName: erp.fields.LastName ?? null, afterRemoval: afterRemovalOf(record.pastPairs[0]) },
    crm: crm && { syncFlag: crm.syncFlag, isGone: record.isGoneInCrm },
    pair: toWhyPair(record, asked),
    removed: toRemoved(record, endedAt),
    finding,
    plan: record.plan,
    isUnanswered: intents.some((item) => (erp ? item.erpKey === erpKey : item.crmId === crmId)),
  }
  return { facts, asked }
}

function toWhyPair(record: GatheredRecord, asked: AskedRun | null): WhyFacts['pair'] {
  const { pair, conflicts, fields } = record
  if (!pair) return null
  const endedAt = asked?.run.finishedAt ?? null
  const isOfPerson = pair.matchedBy === 'person' && pair.createdInRun === null
  return {
    crmName: pair.crmName,
    syncOn: record.syncOn,
    isOfRun: asked !== null && pair.createdInRun === asked.run.id,
    pairedSinceBy: isOfPerson && isLater(pair.createdAt, endedAt) ? pair.createdBy : null,
    failedInDrain: asked !== null && pair.failedInDrain === asked.run.drainId,
    pinnedDifferences: fields.filter((field) => field.isPinned && field.differs).map((field) => field.label),
    openConflicts: conflicts.filter((one) => one.decided === null).map((one) => one.label),
    decidedConflicts: conflicts.filter((one) => one.decided !== null).map((one) => one.label),
  }
}

function toRemoved({ pair, pastPairs }: GatheredRecord, endedAt: Date | null): WhyFacts['removed'] {
  const last = pastPairs[0]
  if (pair || !last?.removedAt) return null
  const by = last.removedBy ?? 'sync'
  return {
    crmId: last.crmId,
    crmName: last.crmName,
    cause: last.removedCause ?? '',
    by,
    // What the sync took off is no news since the sync.
    sinceRun: by !== 'sync' && isLater(last.removedAt, endedAt),
  }
}

function isLater(moment: Date, endedAt: Date | null): boolean {
  return endedAt === null || moment > endedAt
}
