/** A line of a CSV file by column name, with the number of the line it begins on, counted from 1. */
export interface CsvRow {
  readonly line: number
  readonly values: ReadonlyMap<string, string>
}

export type CsvResult =
  | { readonly ok: true; readonly columns: readonly string[]; readonly rows: readonly CsvRow[] }
  | { readonly ok: false; readonly problem: string }

interface Fields {
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * Reads CSV (RFC 4180, LF or CRLF, a byte order mark allowed) whose first line names the columns. Values come back as
 * they were before `csvText` of lib/ops/export-text.ts made them formula-safe.
 */
export function parseCsv(text: string): CsvResult {
  const lines = splitFields(text.replace(/^\uFEFF/, ''))
  if (lines === null) return { ok: false, problem: 'A quotation mark is opened and never closed.' }
  const [header, ...body] = lines
  if (!header) return { ok: false, problem: 'The file is empty.' }
  const columns = header.fields.map((name) => name.trim())
  const wrong = body.find((row) => row.fields.length !== columns.length)
  if (wrong) {
    return {
      ok: false,
      problem: `Line ${wrong.line} has ${wrong.fields.length} values; the first line names ${columns.length}.`,
    }
  }
  const rows = body.map(({ line, fields }) => ({
    line,
    values: new Map(columns.map((column, i) => [column, withoutFormulaGuard(fields[i] ?? '')])),
  }))
  return { ok: true, columns, rows }
}

// What csv-stringify puts an apostrophe in front of (its escape_formulas).
const GUARDED = /^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/

function withoutFormulaGuard(value: string): string {
  return value.replace(GUARDED, '')
}

// One field and what ends it: quoted with doubled quotation marks inside, or plain.
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y

/** Every line that is not empty, or `null` where the quotation marks do not close. */
function splitFields(text: string): Fields[] | null {
  const lines: Fields[] = []
  let fields: string[] = []
  let line = 1
  let startedOn = 1
  FIELD.lastIndex = 0
  while (FIELD.lastIndex < text.length || fields.length > 0) {
    const match = FIELD.exec(text)
    if (!match) return null
    const [whole, quoted, plain, end] = match
    fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    line += countLines(whole)
    if (end === ',') continue
    if (fields.length > 1 || fields[0] !== '' || quoted !== undefined) lines.push({ line: startedOn, fields })
    fields = []
    startedOn = line
  }
  return lines
}

function countLines(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0
}
