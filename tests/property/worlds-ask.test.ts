import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalCrmValue, sameValue } from '#lib/sync/canonical'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { OpenConflict } from '#lib/sync/plan'
import type { FieldValue } from '#lib/sync/records'
import { isTakeable, takeValue } from '#lib/sync/take'
import { copyOf, lookupsOf, type PureWorld, type WorldPair } from '../support/pure-world.ts'
import { anyOptions, anyPureWorld } from '../support/pure-world-arbitrary.ts'
import { syncWorld } from '../support/pure-world-run.ts'
import { contentsOf, entryOf, fieldsInPlay, type TwoValues } from '../support/pure-world-truth.ts'
import { sow } from '../support/seed.ts'

sow('Generated worlds in conflict')

const askingWorld = anyPureWorld.map((world): PureWorld => ({ ...world, rules: { ...world.rules, policy: 'ask' } }))

/** How a person settles a conflict. */
type Choice = 'erp' | 'crm' | 'typed' | 'pin'
const anyChoices = fc.array(fc.constantFrom<Choice[]>('erp', 'crm', 'typed', 'pin'), { minLength: 1, maxLength: 8 })

function openOf(world: PureWorld): { pair: WorldPair; open: OpenConflict }[] {
  return world.pairs.flatMap((pair) => pair.open.map((open) => ({ pair, open })))
}

/** `value`: what was decided, in CRM form; `undefined`: the field was pinned. */
interface Settled {
  readonly pair: WorldPair
  readonly open: OpenConflict
  readonly value: FieldValue | undefined
}

describe('where a person is asked', () => {
  it('nothing is written of the field on either side, and the question is told once, run after run (§7.2)', () => {
    fc.assert(
      fc.property(askingWorld, anyOptions, (world, options) => {
        const first = syncWorld(world, options)
        for (const { pair, open } of openOf(first.world)) {
          const entry = entryOf(world, pair.type, open.field)
          const [before, now] = [contentsOf(world, pair), contentsOf(first.world, pair)]
          expect(now.crm[open.field]).toBe(before.crm[open.field])
          expect(now.erp[entry?.erp ?? '']).toBe(before.erp[entry?.erp ?? ''])
          expect(entry?.owner).toBe('shared')
        }
        expect(first.opened.length).toBe(openOf(first.world).length)
        for (const { pair, entry } of fieldsInPlay(world, options).filter(isAsked)) {
          const now = first.world.pairs.find((one) => one.type === pair.type && one.erpKey === pair.erpKey)
          expect(now?.open.map((open) => open.field)).toContain(entry.crm)
        }
        const second = syncWorld(first.world, options)
        expect(second.opened).toEqual([])
        expect(openOf(second.world).map(({ open }) => open)).toEqual(openOf(first.world).map(({ open }) => open))
      }),
      { numRuns: 200 },
    )
  })

  it('what is decided reaches both sides and closes the question; what is pinned closes it and stays (§7.2)', () => {
    fc.assert(
      fc.property(askingWorld, anyOptions, anyChoices, (world, options, choices) => {
        const asked = syncWorld(syncWorld(world, options).world, options).world
        const settled = copyOf(asked)
        const decided = openOf(settled).flatMap(({ pair, open }, index): Settled[] => {
          const choice = choices[index % choices.length] ?? 'erp'
          const entry = entryOf(world, pair.type, open.field)
          if (choice === 'pin') pair.pins = [...pair.pins, open.field]
          if (choice === 'pin' || !entry) return [{ pair, open, value: undefined }]
          const value = decidedValue(settled, pair, { entry, open, choice })
          if (value === undefined) return []
          pair.decisions = { ...pair.decisions, [open.field]: { value, erp: open.erp, crm: open.crm } }
          return [{ pair, open, value }]
        })
        for (const { pair, open } of decided) {
          pair.open = pair.open.filter((one) => one !== open)
          pair.settled = null
        }
        const done = syncWorld(syncWorld(settled, options).world, options).world
        for (const { pair, open, value } of decided) {
          const now = done.pairs.find((one) => one.type === pair.type && one.erpKey === pair.erpKey)
          expect([now?.decisions, now?.open.some((one) => one.field === open.field)]).toEqual([{}, false])
          const field = fieldsInPlay(done, options).find((one) => one.pair === now && one.entry.crm === open.field)
          if (value === undefined)
            expect(contentsOf(done, pair).crm[open.field]).toBe(contentsOf(asked, pair).crm[open.field])
          else if (field) {
            const { transform } = field.entry
            expect([field.isSame, sameValue(transform, field.crm, canonicalCrmValue(transform, value))]).toEqual([
              true,
              true,
            ])
          } else expect.fail(`${open.field} takes no part any more`)
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** Both sides have changed the field, to different values. Links may still find their partner, and are left out. */
function isAsked({ pair, entry, erp, crm, isSame }: TwoValues): boolean {
  const { owner, transform, onlyIfEmpty } = entry
  const base = pair.base?.[entry.crm]
  if (owner !== 'shared' || isSame || erp === undefined || base === undefined || onlyIfEmpty === true) return false
  return transform.kind !== 'reference' && !sameValue(transform, erp, base) && !sameValue(transform, crm, base)
}

/** What is decided, in CRM form; `undefined`: it cannot be, since the ERP has no such value. */
function decidedValue(
  world: PureWorld,
  pair: WorldPair,
  { entry, open, choice }: { entry: FieldMapEntry; open: OpenConflict; choice: Choice },
): FieldValue | undefined {
  if (choice === 'erp') return open.erp
  const value = choice === 'crm' ? open.crm : entry.transform.kind === 'text' ? 'Decided' : open.crm
  if (value === null && entry.transform.kind === 'reference') return undefined
  if (!isTakeable(entry, world.rules.erpFields[pair.type])) return undefined
  return takeValue(entry, pair.type, { value, held: null }, lookupsOf(world)).ok ? value : undefined
}
