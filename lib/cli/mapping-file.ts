import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { errorCode, errorLine } from '#lib/ops/operator-problem'
import { MAPPING_STATUSES } from '#lib/store/mapping-filter'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import { usageProblem } from './arguments.ts'
import { parseCsv } from './csv-rows.ts'

/** A pair that a file asks for. `place`: where it stands, for the sentence that refuses it. */
export interface WantedPair {
  readonly type: RecordType
  readonly erpKey: string
  readonly crmId: string
  readonly place: string
}

interface FileRow {
  readonly place: string
  readonly content: unknown
}

const key = z
  .string()
  .trim()
  .max(255)
  .refine((text) => !text.includes('\u0000'))

const rowSchema = z.object({
  type: z.enum(RECORD_TYPES, `the type is one of ${RECORD_TYPES.join(', ')}`),
  erpKey: key.min(1, 'the Ajera key is missing'),
  crmId: z.union([key, z.null().transform(() => '')], 'the CRM id is no text').optional(),
  status: z.enum(MAPPING_STATUSES, `the status is one of ${MAPPING_STATUSES.join(', ')}`).optional(),
})

const NEEDED_COLUMNS = ['type', 'erpKey', 'crmId']

/**
 * The pairs of a file that `mappings export` wrote, or that has at least the columns type, erpKey and crmId. Rows that
 * are no living pair (no CRM id, another status than `active`) are passed over. The whole file is read and checked
 * first, so that a wrong one changes nothing: it ends the command with a sentence and status 2.
 */
export async function readPairs(file: string): Promise<WantedPair[]> {
  const text = await readText(file)
  const rows = file.toLowerCase().endsWith('.json') ? jsonRows(file, text) : csvRows(file, text)
  return rows.flatMap(({ place, content }) => {
    const row = rowSchema.safeParse(content)
    if (!row.success) throw usageProblem(`${place}: ${row.error.issues[0]?.message ?? 'it cannot be read'}.`)
    const { type, erpKey, crmId, status } = row.data
    return crmId && (status ?? 'active') === 'active' ? [{ type, erpKey, crmId, place }] : []
  })
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EACCES: 'you may not read it',
      EISDIR: 'it is a folder',
    }
    throw usageProblem(`${file} cannot be read: ${reasons[errorCode(error) ?? ''] ?? errorLine(error)}.`)
  }
}

function csvRows(file: string, text: string): FileRow[] {
  const csv = parseCsv(text)
  if (!csv.ok) throw usageProblem(`${file} cannot be read as CSV. ${csv.problem}`)
  const missing = NEEDED_COLUMNS.find((column) => !csv.columns.includes(column))
  if (missing)
    throw usageProblem(`${file} has no column ${missing}: type, erpKey and crmId are needed in its first line.`)
  return csv.rows.map((row) => ({ place: `${file}, line ${row.line}`, content: presentValues(row.values) }))
}

// In CSV an empty value is no value.
function presentValues(values: ReadonlyMap<string, string>): object {
  return Object.fromEntries([...values].filter(([column, value]) => value !== '' || column === 'erpKey'))
}

function jsonRows(file: string, text: string): FileRow[] {
  const parsed = z.array(z.unknown()).safeParse(jsonOrNull(text))
  if (!parsed.success) throw usageProblem(`${file} is no JSON array, as mappings export writes it.`)
  return parsed.data.map((content, i) => ({ place: `${file}, row ${i + 1}`, content }))
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
