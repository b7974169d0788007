import { describe, expect, it } from 'vitest'
import { csvText, jsonText } from '#lib/ops/export-text'

async function* rowsOf<Row>(rows: Row[]): AsyncGenerator<Row> {
  yield* rows
}

async function read(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

/** The values of one column, read back as a spreadsheet would read them. */
async function roundTrip(values: (string | null)[]): Promise<string[]> {
  const text = await read(csvText(rowsOf(values.map((value) => ({ key: '1', value }))), ['key', 'value']))
  return parseCsv(text)
    .slice(1)
    .map((row) => row[1] ?? '')
}

function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let field = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at)
    if (isQuoted && sign === '"' && text.charAt(at + 1) === '"') {
      field += '"'
      at++
    } else if (sign === '"') {
      isQuoted = !isQuoted
    } else if (!isQuoted && (sign === ',' || sign === '\n')) {
      rows.at(-1)?.push(field)
      field = ''
      if (sign === '\n') rows.push([])
    } else {
      field += sign
    }
  }
  return rows.slice(0, -1)
}

describe('CSV that a spreadsheet opens', () => {
  it('never begins a value with a sign that starts a formula', async () => {
    const attacks = ["=cmd|' /C calc'!A0", '+1+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1+1', '＠x']
    for (const value of await roundTrip(attacks)) expect(value).toMatch(/^'/)
  })

  it('keeps every other value as it is, with commas, quotes, line breaks and signs inside', async () => {
    const plain = [
      'Harbor Point, Phase 2',
      'the "old" mill',
      'line one\nline two',
      'a=b',
      '2021-014.00',
      'Zürich 東京',
      '',
    ]
    expect(await roundTrip(plain)).toEqual(plain)
  })

  it('writes an absent value as an empty field', async () => {
    expect(await roundTrip([null])).toEqual([''])
  })

  it('writes the header once, also where there are no rows', async () => {
    expect(await read(csvText(rowsOf([]), ['key', 'value']))).toBe('key,value\n')
    const many = Array.from({ length: 1_201 }, (_, index) => ({ key: String(index), value: 'x' }))
    const lines = (await read(csvText(rowsOf(many), ['key', 'value']))).trimEnd().split('\n')
    expect(lines).toHaveLength(1_202)
    expect(lines.filter((line) => line === 'key,value')).toHaveLength(1)
    expect(lines.at(-1)).toBe('1200,x')
  })

  it('begins with a byte order mark only where one is asked for', async () => {
    const marked = await read(csvText(rowsOf([{ key: '1' }]), ['key'], { byteOrderMark: true }))
    expect(marked).toBe('\uFEFFkey\n1\n')
  })
})

describe('JSON export', () => {
  it('is one array of the rows as they are, formulas untouched', async () => {
    const rows = Array.from({ length: 1_203 }, (_, index) => ({ key: index, value: '=1+1' }))
    expect(JSON.parse(await read(jsonText(rowsOf(rows))))).toEqual(rows)
  })

  it('is an empty array where there are no rows', async () => {
    expect(JSON.parse(await read(jsonText(rowsOf([]))))).toEqual([])
  })
})
