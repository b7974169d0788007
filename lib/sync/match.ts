import { compareErpKeys, compareText } from './keys.ts'
import { connectBuckets, type NameBucket } from './name-bucket.ts'
import { foldWhiteSpace, nameKey, projectNameField } from './name-rule.ts'
import type { RecordType } from './records.ts'

export interface MatchInput {
  readonly type: RecordType
  /** Unmapped ERP records that may be matched in this run (`isMatchCandidate`). */
  readonly erp: readonly { readonly key: string; readonly name: string }[]
  /** CRM records that are not mapped. */
  readonly crm: readonly { readonly id: string; readonly name: string; readonly longName: string | null }[]
  /** Pairs that a person has ruled out (sync-rules §4.10). */
  readonly never: readonly { readonly erpKey: string; readonly crmId: string }[]
  readonly shortNameLimit: number
}

export interface MatchResult {
  readonly pairs: readonly { readonly erpKey: string; readonly crmId: string }[]
  readonly ambiguous: readonly {
    readonly name: string
    readonly erpKeys: readonly string[]
    readonly crmIds: readonly string[]
  }[]
  readonly unmatched: readonly string[]
}

/**
 * Pairs ERP and CRM records by equal names (sync-rules §4.4–4.7, 4.10). One to one or not at all: records that share a
 * possible partner form one ambiguous group, even where the one is found by short and the other by long name. A record
 * without a name matches nothing. The answer is sorted and does not depend on the order of the input; the time is
 * linear in records plus never-pairs, also when every name is the same.
 */
export function matchRecords(input: MatchInput): MatchResult {
  const erp = [...input.erp].sort((a, b) => compareErpKeys(a.key, b.key))
  const crm = [...input.crm].sort((a, b) => compareText(a.id, b.id))
  const groups = connectBuckets(collectBuckets(input, erp, crm), neverIndex(input, erp, crm), erp.length, crm.length)

  const pairs: { erpKey: string; crmId: string }[] = []
  const ambiguous: { name: string; erpKeys: string[]; crmIds: string[] }[] = []
  const grouped = new Set<number>()
  for (const group of groups) {
    const erpRecords = group.erp.flatMap((index) => erp[index] ?? [])
    const crmRecords = group.crm.flatMap((index) => crm[index] ?? [])
    const [first] = erpRecords
    const [partner] = crmRecords
    if (!first || !partner) continue
    for (const index of group.erp) grouped.add(index)
    if (erpRecords.length === 1 && crmRecords.length === 1) pairs.push({ erpKey: first.key, crmId: partner.id })
    else
      ambiguous.push({
        name: foldWhiteSpace(first.name),
        erpKeys: erpRecords.map((record) => record.key),
        crmIds: crmRecords.map((record) => record.id),
      })
  }
  const unmatched = erp.filter((_, index) => !grouped.has(index)).map((record) => record.key)
  return { pairs, ambiguous, unmatched }
}

/** Records of both sides under one name, by index. A project's short and long names are two different kinds of name. */
function collectBuckets(input: MatchInput, erp: MatchInput['erp'], crm: MatchInput['crm']): NameBucket[] {
  const buckets = new Map<string, { erp: number[]; crm: number[] }>()
  for (const [index, record] of erp.entries()) {
    const key = nameKey(record.name)
    if (key === '') continue
    const kind = input.type === 'project' ? projectNameField(record.name, input.shortNameLimit) : 'short'
    const bucket = buckets.get(kind + key)
    if (bucket) bucket.erp.push(index)
    else buckets.set(kind + key, { erp: [index], crm: [] })
  }
  for (const [index, record] of crm.entries()) {
    buckets.get(`short${nameKey(record.name)}`)?.crm.push(index)
    if (input.type === 'project' && record.longName !== null)
      buckets.get(`long${nameKey(record.longName)}`)?.crm.push(index)
  }
  return [...buckets.values()].filter((bucket) => bucket.crm.length > 0)
}

/** For each ERP index the CRM indexes it may never have. */
function neverIndex(input: MatchInput, erp: MatchInput['erp'], crm: MatchInput['crm']): Map<number, Set<number>> {
  const never = new Map<number, Set<number>>()
  if (input.never.length === 0) return never
  const erpIndex = new Map(erp.map((record, index) => [record.key, index]))
  const crmIndex = new Map(crm.map((record, index) => [record.id, index]))
  for (const pair of input.never) {
    const from = erpIndex.get(pair.erpKey)
    const to = crmIndex.get(pair.crmId)
    if (from === undefined || to === undefined) continue
    const ruledOut = never.get(from)
    if (ruledOut) ruledOut.add(to)
    else never.set(from, new Set([to]))
  }
  return never
}
