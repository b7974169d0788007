import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MatchInput, type MatchResult, matchRecords } from '#lib/sync/match'
import { nameKey, projectNameField } from '#lib/sync/name-rule'

// Few names, so that namesakes are the rule; a limit of 4 makes half of them long.
const name = fc.constantFrom(
  '',
  'Hall',
  'HALL ',
  'hall',
  'Café',
  'Cafe\u0301',
  'Library',
  ' library',
  'Bridges',
  'bridges',
)

const anyInput: fc.Arbitrary<MatchInput> = fc.record({
  type: fc.constantFrom('project', 'client'),
  erp: fc.uniqueArray(fc.record({ key: fc.nat(30).map(String), name }), { selector: (one) => one.key, maxLength: 10 }),
  crm: fc.uniqueArray(fc.record({ id: fc.nat(30).map((id) => `C${id}`), name, longName: fc.option(name) }), {
    selector: (one) => one.id,
    maxLength: 10,
  }),
  never: fc.array(fc.record({ erpKey: fc.nat(30).map(String), crmId: fc.nat(30).map((id) => `C${id}`) }), {
    maxLength: 40,
  }),
  shortNameLimit: fc.constant(4),
})

/** The rule by its words, in quadratic time: who could be whose partner. */
function possible(input: MatchInput): (readonly [string, string])[] {
  return input.erp.flatMap((erp) =>
    input.crm
      .filter((crm) => {
        const long = input.type === 'project' && projectNameField(erp.name, input.shortNameLimit) === 'long'
        const partner = nameKey((long ? crm.longName : crm.name) ?? '')
        const ruledOut = input.never.some((pair) => pair.erpKey === erp.key && pair.crmId === crm.id)
        return partner !== '' && partner === nameKey(erp.name) && !ruledOut
      })
      .map((crm) => [erp.key, crm.id] as const),
  )
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return list
    .map((item, index) => ({ item, at: Math.sin(seed + index * 97) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

function allErpKeys(found: MatchResult): string[] {
  return [
    ...found.pairs.map((pair) => pair.erpKey),
    ...found.ambiguous.flatMap((group) => group.erpKeys),
    ...found.unmatched,
  ]
}

describe('matching by name', () => {
  it('the order of the input never changes the result (§4.7)', () => {
    fc.assert(
      fc.property(anyInput, fc.integer(), (input, seed) => {
        const mixed = {
          ...input,
          erp: shuffled(input.erp, seed),
          crm: shuffled(input.crm, seed + 1),
          never: shuffled(input.never, seed),
        }
        expect(matchRecords(mixed)).toEqual(matchRecords(input))
      }),
      { numRuns: 2000 },
    )
  })

  it('one to one always, and each ERP record has exactly one fate (§4.7)', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const found = matchRecords(input)
        expect(allErpKeys(found).sort()).toEqual(input.erp.map((erp) => erp.key).sort())
        const crmIds = [...found.pairs.map((pair) => pair.crmId), ...found.ambiguous.flatMap((group) => group.crmIds)]
        expect(new Set(crmIds).size).toBe(crmIds.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('pairs exactly those that are each other’s only possible partner; unmatched are those without any (§4.4, §4.7, §4.10)', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const edges = possible(input)
        const degree = (side: 0 | 1, key: string) => edges.filter((edge) => edge[side] === key).length
        const certain = edges.filter(([erpKey, crmId]) => degree(0, erpKey) === 1 && degree(1, crmId) === 1)
        const found = matchRecords(input)
        expect(found.pairs.map((pair) => `${pair.erpKey} ${pair.crmId}`).sort()).toEqual(
          certain.map((edge) => edge.join(' ')).sort(),
        )
        expect([...found.unmatched].sort()).toEqual(
          input.erp
            .filter((erp) => degree(0, erp.key) === 0)
            .map((erp) => erp.key)
            .sort(),
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('an ambiguous group names all who hang together, and nobody else (§4.7)', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const edges = possible(input)
        for (const group of matchRecords(input).ambiguous) {
          const touching = edges.filter(
            ([erpKey, crmId]) => group.erpKeys.includes(erpKey) || group.crmIds.includes(crmId),
          )
          expect(new Set(touching.map(([erpKey]) => erpKey))).toEqual(new Set(group.erpKeys))
          expect(new Set(touching.map(([, crmId]) => crmId))).toEqual(new Set(group.crmIds))
        }
      }),
      { numRuns: 2000 },
    )
  })
})
