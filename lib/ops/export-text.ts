import { stringify } from 'csv-stringify/sync'

/**
 * Rows as the text of a file, a few hundred at a time, so that an export of millions needs no more memory than one
 * of ten. Used by the downloads of the screens and by the command line.
 */
const ROWS_PER_CHUNK = 500

type Row = object

/**
 * CSV with a header line of `columns`, which are also the rows' property names. A value that a spreadsheet would run
 * as a formula (`=`, `+`, `-`, `@`, tab, carriage return at its beginning) gets an apostrophe in front
 * (guide/security.md, Exports). `byteOrderMark` makes Excel read the names as UTF-8.
 */
export async function* csvText(
  rows: AsyncIterable<Row>,
  columns: readonly string[],
  options: { readonly byteOrderMark?: boolean } = {},
): AsyncGenerator<string, void, undefined> {
  yield stringify([[...columns]], { bom: options.byteOrderMark ?? false })
  for await (const chunk of inChunks(rows)) {
    yield stringify(chunk, { columns: [...columns], escape_formulas: true })
  }
}

/** One JSON array, a row a line. */
export async function* jsonText(rows: AsyncIterable<Row>): AsyncGenerator<string, void, undefined> {
  let isFirst = true
  for await (const chunk of inChunks(rows)) {
    const lines = chunk.map((row) => JSON.stringify(row)).join(',\n')
    yield `${isFirst ? '[\n' : ',\n'}${lines}`
    isFirst = false
  }
  yield isFirst ? '[]\n' : '\n]\n'
}

async function* inChunks(rows: AsyncIterable<Row>): AsyncGenerator<Row[], void, undefined> {
  let chunk: Row[] = []
  for await (const row of rows) {
    chunk.push(row)
    if (chunk.length < ROWS_PER_CHUNK) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
