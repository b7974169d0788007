import type { RunContext } from '#lib/engine/context'
import { matchApproved } from '#lib/engine/phases/apply'
import { findUnpairedCrmRecords, type UnpairedCrmRecord } from '#lib/store/crm-records'
import { database, type Transaction } from '#lib/store/database'
import { findUnpairedErpRecords, type UnpairedErpRecord } from '#lib/store/erp-records'
import { findNeverMatches, type MatchFinding, replaceFindings } from '#lib/store/findings'
import { appendLog, type LogLine } from '#lib/store/log'
import { hasAnyMapping, insertPairs, type NewPair } from '#lib/store/mappings'
import { createEligibility, isMatchCandidate, turnsSyncOn } from '#lib/sync/eligibility'
import { type MatchResult, matchRecords } from '#lib/sync/match'
import { ambiguousMessage, mappedMessage, noLastNameMessage, noMatchMessage } from '#lib/sync/messages'
import type { RecordType } from '#lib/sync/records'

/** Pairs by name, type by type; each type in one transaction, so that its first-time rule is decided exactly once. */
export async function matchAll(context: RunContext): Promise<void> {
  if (context.run.planId !== null) return matchApproved(context, context.run.planId)
  for (const type of context.types) {
    if (!context.selectsAny(type) || context.isDone(`match:${type}`)) continue
    context.stopIfAsked()
    await context.report('Pairing records by name', context.types.indexOf(type), context.types.length)
    await matchType(context, type)
  }
}

async function matchType(context: RunContext, type: RecordType): Promise<void> {
  const { connectionId, id: runId } = context.run
  const firstTime = !(await hasAnyMapping(database(), connectionId, type))
  await context.commit(
    async (tx) => {
      const found = selected(context, type, await findMatches(tx, context, type, firstTime))
      const added = await insertPairs(tx, { connectionId, type, runId }, found.pairs)
      const news = await replaceFindings(tx, { connectionId, type, runId }, found.findings, (erpKey) =>
        context.selects(type, erpKey),
      )
      const lines = [
        ...found.pairs.filter((pair) => added.has(pair.erpKey)).map((pair) => mappedMessage(context.names, type, pair)),
        ...findingLines(context, type, found, news),
      ]
      await appendLog(tx, { connectionId, runId }, lines)
    },
    context.withDone(`match:${type}`, { type, value: firstTime }),
  )
}

interface Matches {
  readonly pairs: readonly NewPair[]
  readonly findings: readonly MatchFinding[]
  readonly ambiguous: MatchResult['ambiguous']
  readonly names: ReadonlyMap<string, string>
}

/** All records are compared, since only so a name is known to be ambiguous; what follows is for the selected ones. */
function selected(context: RunContext, type: RecordType, found: Matches): Matches {
  return {
    ...found,
    pairs: found.pairs.filter((pair) => context.selects(type, pair.erpKey) || context.selectsCrm(type, pair.crmId)),
    findings: found.findings.filter((finding) => context.selects(type, finding.erpKey)),
  }
}

async function findMatches(
  tx: Transaction,
  context: RunContext,
  type: RecordType,
  firstTime: boolean,
): Promise<Matches> {
  const { connectionId, options } = context.run
  const [erp, crm, never] = [
    await findUnpairedErpRecords(tx, connectionId, type),
    await findUnpairedCrmRecords(tx, connectionId, type),
    await findNeverMatches(tx, connectionId, type),
  ]
  const rule = { firstTime, options }
  const candidates = erp.filter((record) => isMatchCandidate({ type, ...record }, rule))
  const shortNameLimit = context.description.shortName.limit
  const result = matchRecords({ type, erp: candidates, crm, never, shortNameLimit })
  const flagged = matchFlaggedCrm({ type, erp, crm, result, candidates }, (rest) =>
    matchRecords({ type, ...rest, never, shortNameLimit }),
  )

  const byKey = new Map(erp.map((record) => [record.key, record]))
  const names = new Map(erp.map((record) => [record.key, record.name]))
  const crmNames = new Map(crm.map((record) => [record.id, record.longName ?? record.name]))
  const toPair = (pair: { erpKey: string; crmId: string }, mayTurnOn: boolean): NewPair => {
    const record = byKey.get(pair.erpKey)
    return {
      ...pair,
      erpName: record?.name ?? '',
      crmName: crmNames.get(pair.crmId) ?? '',
      turnSyncOn: mayTurnOn && record !== undefined && turnsSyncOn({ type, ...record }, rule),
    }
  }
  const pairs = [...result.pairs.map((pair) => toPair(pair, true)), ...flagged.pairs.map((pair) => toPair(pair, false))]
  const unmatched = result.unmatched.flatMap((key) => {
    const record = byKey.get(key)
    const verdict = record && createEligibility({ type, ...record }, 'unmatched', rule)
    return record && (verdict === 'no-match' || verdict === 'no-last-name') ? [record] : []
  })
  const ambiguous = [...result.ambiguous, ...flagged.ambiguous]
  return { pairs, names, ambiguous, findings: toFindings(unmatched, ambiguous, names) }
}

/** sync-rules §4.2: a CRM project flagged to sync is matched too, with the ERP projects that were no candidates. */
function matchFlaggedCrm(
  all: {
    type: RecordType
    erp: readonly UnpairedErpRecord[]
    crm: readonly UnpairedCrmRecord[]
    candidates: readonly UnpairedErpRecord[]
    result: MatchResult
  },
  match: (rest: { erp: readonly UnpairedErpRecord[]; crm: readonly UnpairedCrmRecord[] }) => MatchResult,
): Pick<MatchResult, 'pairs' | 'ambiguous'> {
  if (all.type !== 'project') return { pairs: [], ambiguous: [] }
  const taken = new Set([
    ...all.result.pairs.map((pair) => pair.crmId),
    ...all.result.ambiguous.flatMap((group) => group.crmIds),
  ])
  const candidates = new Set(all.candidates.map((record) => record.key))
  return match({
    erp: all.erp.filter((record) => !candidates.has(record.key)),
    crm: all.crm.filter((record) => record.syncFlag && !taken.has(record.id)),
  })
}

function toFindings(
  unmatched: readonly UnpairedErpRecord[],
  ambiguous: MatchResult['ambiguous'],
  names: ReadonlyMap<string, string>,
): MatchFinding[] {
  const none = unmatched.map(
    (record): MatchFinding => ({
      erpKey: record.key,
      erpName: record.name,
      kind: 'no_match',
      crmIds: [],
      erpKeys: [record.key],
    }),
  )
  const several = ambiguous.flatMap((group) =>
    group.erpKeys.map(
      (erpKey): MatchFinding => ({
        erpKey,
        erpName: names.get(erpKey) ?? group.name,
        kind: 'ambiguous',
        crmIds: group.crmIds,
        erpKeys: group.erpKeys,
      }),
    ),
  )
  return [...none, ...several]
}

/** sync-rules §13.13: a line in the first run that finds it; an ambiguity is one line that names them all (§4.7). */
function findingLines(context: RunContext, type: RecordType, found: Matches, news: ReadonlySet<string>): LogLine[] {
  const none = found.findings
    .filter((finding) => finding.kind === 'no_match' && news.has(finding.erpKey))
    .map((finding) => leftOutMessage(context, type, finding))
  const several = found.ambiguous
    .filter((group) => group.erpKeys.some((key) => news.has(key)))
    .map((group) => ambiguousMessage(context.names, type, group, found.names))
  return [...none, ...several]
}

/** A project without a match is left out (§4.8); a contact is only when it has no last name, which the CRM requires. */
function leftOutMessage(context: RunContext, type: RecordType, finding: MatchFinding): LogLine {
  if (type === 'project') return noMatchMessage(context.names, type, finding)
  return noLastNameMessage(context.names, { type, erpKey: finding.erpKey, erpName: finding.erpName, crmId: null })
}
