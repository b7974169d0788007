import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCsv } from '#lib/cli/csv-rows'
import { csvText } from '#lib/ops/export-text'

async function csvOf(rows: readonly object[], columns: readonly string[]): Promise<string> {
  async function* each() {
    yield* rows
  }
  let text = ''
  for await (const chunk of csvText(each(), columns)) text += chunk
  return text
}

test('what an export writes is read back as it was, formulas, quotation marks and line breaks included', async () => {
  // An apostrophe before a formula sign cannot be told from the guard of an export.
  const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.startsWith("'"))
  const rows = fc.array(fc.record({ type: fc.constant('project'), erpKey: value, crmId: value }), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(rows, async (written) => {
      const read = parseCsv(await csvOf(written, ['type', 'erpKey', 'crmId']))
      if (!read.ok) throw new Error(read.problem)
      expect(read.rows.map((row) => Object.fromEntries(row.values))).toEqual(written)
    }),
  )
})

test('the guard of a formula is taken off again', () => {
  expect(parseCsv(`id\n'=1+1\n'-7\n'tis\n`)).toMatchObject({
    ok: true,
    rows: [
      { values: new Map([['id', '=1+1']]) },
      { values: new Map([['id', '-7']]) },
      { values: new Map([['id', "'tis"]]) },
    ],
  })
})

test('a row knows the line it begins on, whatever ends the lines and however many a value has', () => {
  const read = parseCsv('\uFEFFa,b\r\n1,"x\r\ny"\r\n\r\n2,z')
  if (!read.ok) throw new Error(read.problem)
  expect(read.columns).toEqual(['a', 'b'])
  expect(read.rows.map((row) => [row.line, row.values.get('b')])).toEqual([
    [2, 'x\r\ny'],
    [5, 'z'],
  ])
})

test.each([
  ['', 'The file is empty.'],
  ['a,b\n1\n', 'Line 2 has 1 values; the first line names 2.'],
  ['a\n"open\n', 'A quotation mark is opened and never closed.'],
  ['a\n"shut"up\n', 'A quotation mark is opened and never closed.'],
])('%j is refused with a reason', (text, problem) => {
  expect(parseCsv(text)).toEqual({ ok: false, problem })
})
