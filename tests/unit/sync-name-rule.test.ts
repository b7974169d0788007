import { describe, expect, it } from 'vitest'
import { codePointLength, cutToLimit, foldWhiteSpace, nameKey, projectNameField } from '#lib/sync/name-rule'

const NBSP = '\u00A0'
const ACUTE = '\u0301'
const HOUSE = '\u{1F3E0}'

describe('names that are the same (§4.6)', () => {
  it.each([
    ['ACME SUPPLIES', 'Acme Supplies'],
    ['  Acme Supplies ', 'Acme Supplies'],
    [`Acme${NBSP}\t  Supplies\r\n`, 'acme supplies'],
    ['Acme\u3000Supplies\u0085', 'acme supplies'],
    [`Cafe${ACUTE}`, 'CAFÉ'],
    ['ΟΔΟΣ', 'οδος'],
    ['οδος', 'οδοσ'],
    ['STRAẞE', 'straße'],
    ['ſet', 'SET'],
    ['\u212Aelvin', 'kelvin'],
    ['\u2126', 'ω'],
    ['µ', 'Μ'],
    ['ǅ', 'ǆ'],
    ['J\u030C', 'ǰ'],
    ['\u{10400}', '\u{10428}'],
    ['\uFB05', '\uFB06'],
    ['\u13A0', '\uAB70'],
  ])('%j and %j', (a, b) => {
    expect(nameKey(a)).toBe(nameKey(b))
  })

  it.each([
    ['straße', 'strasse', 'full folding is not simple folding'],
    ['İ', 'i', 'dotted capital I has no simple folding'],
    ['ı', 'i', 'dotless i stays apart'],
    ['Acme, Inc.', 'Acme Inc', 'punctuation counts'],
    ['AcmeSupplies', 'Acme Supplies', 'a space counts'],
    ['ﬁne', 'fine', 'compatibility forms are not folded'],
    ['Acmé', 'Acme', 'accents count'],
  ])('%j and %j differ: %s', (a, b) => {
    expect(nameKey(a)).not.toBe(nameKey(b))
  })

  it('folds exactly as Unicode simple case folding does, for every code point (§13.7)', () => {
    const cased: string[] = []
    for (let code = 0; code < 0x110000; code += 1) {
      if (code >= 0xd800 && code < 0xe000) continue
      const char = String.fromCodePoint(code)
      if (char.toLowerCase() !== char || char.toUpperCase() !== char || /\p{CWCF}/u.test(char)) cased.push(char)
    }
    expect(cased.length).toBeGreaterThan(2800)
    // What NFC replaces by another character never reaches the folding.
    const all = cased.filter((char) => char.normalize('NFC') === char)
    const joined = all.join('')
    const claimed = Map.groupBy(all, (char) => nameKey(char))
    const wrong = all.filter((char) => {
      const same = joined.match(new RegExp(`\\u{${char.codePointAt(0)?.toString(16)}}`, 'giu'))
      return claimed.get(nameKey(char))?.join() !== same?.join()
    })
    expect(wrong).toEqual([])
  })
})

describe('length of a name (§4.6, §13.7)', () => {
  it.each([
    ['', 0],
    ['   ', 0],
    ['a  b', 3],
    [`${NBSP}ab\t`, 2],
    [`e${ACUTE}`, 1],
    [HOUSE.repeat(3), 3],
    ['q\u0323\u0307', 3],
    ['straße', 6],
  ])('%j has %i code points', (text, length) => {
    expect(codePointLength(text)).toBe(length)
  })

  it('is counted before case folding (§13.7)', () => {
    // Its folded form composes into one code point, the name as sent has two.
    expect(codePointLength('J\u030C')).toBe(2)
  })

  it('half a surrogate pair is one code point that every system can store', () => {
    expect(foldWhiteSpace('a\uD83C')).toBe('a\uFFFD')
  })
})

describe('short or long name (§4.4)', () => {
  it.each([38, 39, 40])('%i code points is the short name', (length) => {
    expect(projectNameField('x'.repeat(length), 40)).toBe('short')
    expect(projectNameField(HOUSE.repeat(length), 40)).toBe('short')
    expect(projectNameField(`e${ACUTE}`.repeat(length), 40)).toBe('short')
  })

  it.each([41, 42])('%i code points is the long name', (length) => {
    expect(projectNameField('x'.repeat(length), 40)).toBe('long')
    expect(projectNameField(HOUSE.repeat(length), 40)).toBe('long')
    expect(projectNameField(`e${ACUTE}`.repeat(length), 40)).toBe('long')
  })

  it('white space around and runs of it within do not make a name long (§4.6)', () => {
    expect(projectNameField(`  ${'x'.repeat(20)}${NBSP}\t ${'y'.repeat(19)}\n`, 40)).toBe('short')
    expect(projectNameField(`${'x'.repeat(20)} ${'y'.repeat(20)}`, 40)).toBe('long')
  })

  it('a combining mark that has nothing to compose with counts', () => {
    expect(projectNameField(`${'x'.repeat(39)}q${ACUTE}`, 40)).toBe('long')
  })
})

describe('cutting to a limit (§7.4, §13.7)', () => {
  it('leaves what fits as it is', () => {
    expect(cutToLimit('x'.repeat(40), 40)).toEqual({ value: 'x'.repeat(40), cut: false })
    expect(cutToLimit(HOUSE.repeat(40), 40)).toEqual({ value: HOUSE.repeat(40), cut: false })
  })

  it('never splits a code point', () => {
    expect(cutToLimit(HOUSE.repeat(3), 2)).toEqual({ value: HOUSE.repeat(2), cut: true })
  })

  it('drops white space that the cut left at the end', () => {
    expect(cutToLimit('one two', 4)).toEqual({ value: 'one', cut: true })
    expect(cutToLimit('one\u0085two', 4)).toEqual({ value: 'one', cut: true })
  })
})
