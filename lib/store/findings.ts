import type { RecordType } from '#lib/sync/records'
import type { Database } from './database.ts'

/** What matching found that is no pair: for review, and so that it is logged only in the first run that finds it. */
export interface MatchFinding {
  readonly erpKey: string
  readonly erpName: string
  /** `suggested`: the record has the name of one that the CRM would like to have created (sync-rules §8 step 9). */
  readonly kind: 'no_match' | 'ambiguous' | 'suggested'
  readonly crmIds: readonly string[]
  readonly erpKeys: readonly string[]
}

/**
 * Replaces the findings of a type by those of this run. Answers the ERP keys whose finding is new or of another kind
 * or names other candidates than before.
 *
 * @param isAsked of which records this run has looked for partners; the findings of all others stay as they are.
 */
export async function replaceFindings(
  tx: Database,
  at: FindingsOf,
  findings: readonly MatchFinding[],
  isAsked: (erpKey: string) => boolean = () => true,
): Promise<Set<string>> {
  return replaceKinds(tx, at, ['no_match', 'ambiguous'], { findings, isAsked })
}

/**
 * Replaces the suggestions of a type by those of this run. A record that matching itself has something to say about
 * keeps what it said.
 */
export async function replaceSuggestions(
  tx: Database,
  at: FindingsOf,
  findings: readonly MatchFinding[],
  isAsked: (erpKey: string) => boolean = () => true,
): Promise<void> {
  const { connectionId, type } = at
  const erpKey = { in: findings.map((finding) => finding.erpKey) }
  const others = await tx.matchFinding.findMany({
    where: { connectionId, type, erpKey, kind: { not: 'suggested' } },
    select: { erpKey: true },
  })
  const taken = new Set(others.map((row) => row.erpKey))
  const free = findings.filter((finding) => !taken.has(finding.erpKey))
  await replaceKinds(tx, at, ['suggested'], { findings: free, isAsked })
}

interface FindingsOf {
  readonly connectionId: string
  readonly type: RecordType
  readonly runId: string
}

async function replaceKinds(
  tx: Database,
  at: FindingsOf,
  kinds: MatchFinding['kind'][],
  { findings, isAsked }: { findings: readonly MatchFinding[]; isAsked: (erpKey: string) => boolean },
): Promise<Set<string>> {
  const stored = await tx.matchFinding.findMany({
    where: { connectionId: at.connectionId, type: at.type, kind: { in: kinds } },
  })
  const known = stored.filter((row) => isAsked(row.erpKey))
  const sentence = (f: { kind: string; crmIds: readonly string[]; erpKeys: readonly string[] }) =>
    JSON.stringify([f.kind, f.crmIds, f.erpKeys])
  const before = new Map(known.map((row) => [row.erpKey, sentence(row)]))
  const now = new Set(findings.map((finding) => finding.erpKey))
  const gone = known.filter((row) => !now.has(row.erpKey)).map((row) => row.erpKey)
  await tx.$executeRaw`
    DELETE FROM match_finding
     WHERE connection_id = ${at.connectionId}::uuid AND type = ${at.type}::record_type AND erp_key = ANY(${gone}::text[])`
  const fresh = findings.filter((finding) => before.get(finding.erpKey) !== sentence(finding))
  await store(tx, at, fresh)
  await tx.$executeRaw`
    UPDATE match_finding SET last_run_id = ${at.runId}::uuid
     WHERE connection_id = ${at.connectionId}::uuid AND type = ${at.type}::record_type AND erp_key = ANY(${[...now]}::text[])`
  return new Set(fresh.map((finding) => finding.erpKey))
}

async function store(tx: Database, at: FindingsOf, findings: readonly MatchFinding[]): Promise<void> {
  if (findings.length === 0) return
  await tx.$executeRaw`
    INSERT INTO match_finding (connection_id, type, erp_key, erp_name, kind, crm_ids, erp_keys, first_run_id, last_run_id, found_at)
    SELECT ${at.connectionId}::uuid, ${at.type}::record_type, f.erp_key, f.erp_name, f.kind::finding_kind,
           ARRAY(SELECT jsonb_array_elements_text(f.crm_ids::jsonb)),
           ARRAY(SELECT jsonb_array_elements_text(f.erp_keys::jsonb)), ${at.runId}::uuid, ${at.runId}::uuid, now()
      FROM unnest(${findings.map((f) => f.erpKey)}::text[], ${findings.map((f) => f.erpName)}::text[],
                  ${findings.map((f) => f.kind)}::text[], ${findings.map((f) => JSON.stringify(f.crmIds))}::text[],
                  ${findings.map((f) => JSON.stringify(f.erpKeys))}::text[])
        AS f(erp_key, erp_name, kind, crm_ids, erp_keys)
    ON CONFLICT (connection_id, type, erp_key) DO UPDATE
       SET erp_name = excluded.erp_name, kind = excluded.kind, crm_ids = excluded.crm_ids,
           erp_keys = excluded.erp_keys, first_run_id = excluded.first_run_id, last_run_id = excluded.last_run_id,
           found_at = excluded.found_at`
}

export async function findAmbiguousKeys(tx: Database, connectionId: string, type: RecordType): Promise<Set<string>> {
  const rows = await tx.matchFinding.findMany({
    where: { connectionId, type, kind: 'ambiguous' },
    select: { erpKey: true },
  })
  return new Set(rows.map((row) => row.erpKey))
}

/** CRM records that matching found to be one of several candidates. */
export async function findAmbiguousCrmIds(tx: Database, connectionId: string, type: RecordType): Promise<Set<string>> {
  const rows = await tx.matchFinding.findMany({
    where: { connectionId, type, kind: 'ambiguous' },
    select: { crmIds: true },
  })
  return new Set(rows.flatMap((row) => row.crmIds))
}

export async function findNeverMatches(
  tx: Database,
  connectionId: string,
  type: RecordType,
): Promise<{ erpKey: string; crmId: string }[]> {
  return tx.neverMatch.findMany({ where: { connectionId, type }, select: { erpKey: true, crmId: true } })
}
