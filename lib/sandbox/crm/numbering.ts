import { type Database, readMeta, writeMeta } from '../database.ts'
import type { Hub, Numbering } from '../faults.ts'
import { type Doc, textOf } from '../json.ts'
import { HUB_INFO } from './columns.ts'
import { crmExists } from './store.ts'
import { missing } from './values.ts'

/** Auto-numbering (vantagepoint-api §7, 6): off, on, on without override, filled late, rewritten with padding. */
export type Numbered =
  | { readonly ok: true; readonly number: string; readonly assigned: boolean }
  | { readonly ok: false; readonly problem: string }

const LABELS: Readonly<Record<Hub, string>> = {
  project: 'Project Number',
  firm: 'Firm Number',
  contact: 'Contact Number',
  employee: 'Employee Number',
}

const FORMATS: Readonly<Record<Hub, (sequence: number) => string>> = {
  project: (sequence) => `A${String(sequence).padStart(6, '0')}`,
  firm: (sequence) => `C${String(sequence).padStart(5, '0')}`,
  contact: (sequence) => String(sequence),
  employee: (sequence) => String(sequence).padStart(5, '0'),
}

/** `56` → `000056`, `24018.00` → `024018.00`. */
function padded(number: string): string {
  const match = /^(\d+)(\D.*)?$/.exec(number)
  return match ? `${(match[1] ?? '').padStart(6, '0')}${match[2] ?? ''}` : number
}

/** The next number of a hub's own sequence. Kept in the state: a restart never hands one out twice. */
function nextNumber(database: Database, hub: Hub): string {
  for (let sequence = Number(readMeta(database, `number:${hub}`) ?? '5001'); ; sequence++) {
    const number = FORMATS[hub](sequence)
    if (crmExists(database, hub, number)) continue
    writeMeta(database, `number:${hub}`, String(sequence + 1))
    return number
  }
}

export function numberFor(database: Database, hub: Hub, mode: Numbering, doc: Doc): Numbered {
  const { number: column, key } = HUB_INFO[hub]
  if (column === null) return { ok: true, number: '', assigned: false }
  const given = textOf(doc[column]).trim()
  if (mode === 'on-no-override' && given !== '') {
    const problem = `${LABELS[hub]} value ignored, autonumber enabled and override is not allowed`
    return { ok: false, problem }
  }
  if (given !== '') return { ok: true, number: mode === 'padded' ? padded(given) : given, assigned: false }
  if (mode !== 'off') return { ok: true, number: nextNumber(database, hub), assigned: true }
  if (column !== key) return { ok: true, number: '', assigned: false }
  const label = { name: column, label: LABELS[hub] }
  return { ok: false, problem: missing(hub, { ...PLAIN, ...label }) }
}

const PLAIN = { type: 'text', length: null, required: true, readOnly: false, reference: null, initial: '' } as const
