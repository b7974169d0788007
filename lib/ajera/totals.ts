import { z } from 'zod'
import { decimalText } from '#lib/http/json-values'
import type { FieldValue } from '#lib/sync/records'
import { wireRow } from './wire.ts'

/** Ajera's words for the five kinds and three parts; those beyond the first are inferred (ajera-api §6, marked I). */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  Spent: ['Spent'],
  Cost: ['Cost'],
  WIP: ['WIP'],
  Billed: ['Billed'],
  Received: ['Received', 'Receipts'],
}
const PARTS: Readonly<Record<string, readonly string[]>> = {
  Labor: ['Labor'],
  Reimbursable: ['Reimbursable', 'Reimbursables', 'Expense', 'Expenses'],
  Consultant: ['Consultant', 'Consultants'],
}

/** Our name of a total (`SpentLabor` … `ReceivedConsultant`) → the labels it may come under (`Spent Labor`). */
export const TOTAL_LABELS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(KINDS).flatMap(([kind, kindWords]) =>
    Object.entries(PARTS).map(([part, partWords]): [string, string[]] => [
      `${kind}${part}`,
      kindWords.flatMap((first) => partWords.map((second) => `${first} ${second}`)),
    ]),
  ),
)

const totalsContent = z
  .object({ ProjectTotals: z.array(wireRow).nullish(), Projects: z.array(wireRow).nullish() })
  .nullish()

function normalLabel(label: string): string {
  return label.toLowerCase().replace(/[^a-z]/g, '')
}

/**
 * The fifteen totals of the first row, decimal text; `null` where there is no row (overhead, non-billable).
 * `undefined`: the content has another shape.
 */
export function totalsFrom(content: unknown): Record<string, FieldValue> | null | undefined {
  const parsed = totalsContent.safeParse(content)
  if (!parsed.success) return undefined
  const row = (parsed.data?.ProjectTotals ?? parsed.data?.Projects ?? [])[0]
  if (!row) return null
  const byLabel = new Map(Object.entries(row).map(([label, value]) => [normalLabel(label), value]))
  const totals: Record<string, FieldValue> = {}
  for (const [name, labels] of TOTAL_LABELS) {
    const label = labels.map(normalLabel).find((candidate) => byLabel.has(candidate))
    totals[name] = label === undefined ? null : decimalText(byLabel.get(label))
  }
  return totals
}
