import type { RecordType } from '#lib/sync/records'
import type { Database } from './database.ts'

/** What matching found that is no pair: for review, and so that it is logged only in the first run that finds it. */
export interface MatchFinding {
  readonly erpKey: string
  readonly erpName: string
  readonly kind: 'no_match' | 'ambiguous'
  readonly crmIds: readonly string[]
  readonly erpKeys: readonly string[]
}

/**
 * Replaces the findings of a type by those of this run. Answers the ERP keys whose finding is new or of another kind
 * or names other candidates than before.
 */
export async function replaceFindings(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType; readonly runId: string },
  findings: readonly MatchFinding[],
): Promise<Set<string>> {
  const known = await tx.matchFinding.findMany({
    where: { connectionId: at.connectionId, type: at.type, kind: { in: ['no_match', 'ambiguous'] } },
  })
  const sentence = (f: { kind: string; crmIds: readonly string[]; erpKeys: readonly string[] }) =>
    JSON.stringify([f.kind, f.crmIds, f.erpKeys])
  const before = new Map(known.map((row) => [row.erpKey, sentence(row)]))
  const now = new Set(findings.map((finding) => finding.erpKey))
  const gone = known.filter((row) => !now.has(row.erpKey)).map((row) => row.erpKey)
  await tx.matchFinding.deleteMany({
    where: { connectionId: at.connectionId, type: at.type, erpKey: { in: gone } },
  })
  const fresh = findings.filter((finding) => before.get(finding.erpKey) !== sentence(finding))
  for (const finding of fresh) await store(tx, at, finding)
  await tx.matchFinding.updateMany({
    where: { connectionId: at.connectionId, type: at.type },
    data: { lastRunId: at.runId },
  })
  return new Set(fresh.map((finding) => finding.erpKey))
}

async function store(
  tx: Database,
  at: { readonly connectionId: string; readonly type: RecordType; readonly runId: string },
  finding: MatchFinding,
): Promise<void> {
  const content = {
    erpName: finding.erpName,
    kind: finding.kind,
    crmIds: [...finding.crmIds],
    erpKeys: [...finding.erpKeys],
    firstRunId: at.runId,
    lastRunId: at.runId,
    foundAt: new Date(),
  }
  const key = { connectionId: at.connectionId, type: at.type, erpKey: finding.erpKey }
  await tx.matchFinding.upsert({
    where: { connectionId_type_erpKey: key },
    create: { ...key, ...content },
    update: content,
  })
}

export async function findAmbiguousKeys(tx: Database, connectionId: string, type: RecordType): Promise<Set<string>> {
  const rows = await tx.matchFinding.findMany({
    where: { connectionId, type, kind: 'ambiguous' },
    select: { erpKey: true },
  })
  return new Set(rows.map((row) => row.erpKey))
}

export async function findNeverMatches(
  tx: Database,
  connectionId: string,
  type: RecordType,
): Promise<{ erpKey: string; crmId: string }[]> {
  return tx.neverMatch.findMany({ where: { connectionId, type }, select: { erpKey: true, crmId: true } })
}
