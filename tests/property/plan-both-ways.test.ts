import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agreedTaken } from '#lib/sync/agreed-base'
import { canonicalCrmValue, sameValue } from '#lib/sync/canonical'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { ConflictPolicy } from '#lib/sync/merge'
import { planUpdate, type UpdatePlan } from '#lib/sync/plan'
import type { ErpRecord, Fields, FieldValue, Side } from '#lib/sync/records'
import { transformValue } from '#lib/sync/transform'
import { anyWorld, ownedAnew, type World, withinLimits } from '../support/arbitrary-records.ts'
import { crmRecord, erpRecord, lookups } from '../support/sync-records.ts'

const POLICIES: readonly ConflictPolicy[] = ['erp-wins', 'crm-wins', 'newest-wins', 'ask']

/** Both systems and what the pair remembers, as a run finds them and leaves them. */
interface Pair {
  readonly erp: Fields
  readonly syncOn: boolean
  readonly crm: Fields
  readonly base: Fields | null
}

interface Rule {
  readonly policy: ConflictPolicy
  readonly newer: Side
}

function toErp(world: World, pair: Pair, newer: Side): ErpRecord {
  const modifiedAt = newer === 'erp' ? '2026-02-02T00:00:00Z' : '2026-02-01T00:00:00Z'
  return erpRecord(world.type, pair.erp, { syncToCrm: pair.syncOn, modifiedAt })
}

function plan(world: World, pair: Pair, { policy, newer }: Rule): UpdatePlan {
  return planUpdate({
    erp: toErp(world, pair, newer),
    crm: { ...crmRecord(world.type, pair.crm), modifiedAt: '2026-02-01T12:00:00Z' },
    base: pair.base,
    pins: world.pins,
    entries: world.entries,
    lookups: lookups(world.mapped, world.description),
    policy,
    syncOn: pair.syncOn,
  })
}

/** One run over the pair: what is sent first, then what is taken, each planned on what it finds. */
function run(world: World, pair: Pair, rule: Rule): { pair: Pair; written: number } {
  const there = plan(world, pair, rule)
  const sent: Pair = { ...pair, crm: { ...pair.crm, ...there.write }, base: there.base }
  const back = plan(world, sent, rule)
  expect(back.write).toEqual({})
  const flag = world.entries.find((entry) => entry.role === 'sync-flag')
  const erp: Record<string, FieldValue> = { ...sent.erp, ...back.erpWrite }
  const switched = flag ? back.erpWrite[flag.erp] : undefined
  const syncOn = switched === undefined ? sent.syncOn : switched === 'Y'
  const after = toErp(world, { ...sent, erp, syncOn }, rule.newer)
  const { kept, lost } = agreedTaken(back.taken, after, world.entries, lookups(world.mapped, world.description))
  expect(lost).toEqual([])
  const written = Object.keys(there.write).length + Object.keys(back.erpWrite).length
  return { pair: { ...sent, erp, syncOn, base: { ...back.base, ...kept } }, written }
}

const anyPair = anyWorld.chain((world) =>
  fc.record({
    world: ownedAnew(withinLimits(world)),
    syncOn: fc.boolean(),
    rule: fc.record({ policy: fc.constantFrom(...POLICIES), newer: fc.constantFrom<Side[]>('erp', 'crm') }),
  }),
)

/** A pair that was in step once and has moved on since, or one that is fresh. */
function start(world: World, syncOn: boolean, rule: Rule): Pair {
  const fresh = { erp: world.erp, syncOn, crm: world.crm, base: null }
  if (world.earlier === null) return fresh
  const once = { erp: world.earlier, syncOn, crm: {}, base: null }
  return { ...fresh, base: plan(world, once, { ...rule, policy: 'erp-wins' }).base }
}

function inCrmForm(world: World, pair: Pair, entry: FieldMapEntry): FieldValue | undefined {
  const raw = pair.erp[entry.erp]
  const value =
    raw === undefined ? undefined : transformValue(entry, world.type, raw, lookups(world.mapped, world.description))
  return value?.ok ? value.value : undefined
}

describe('both directions, run after run', () => {
  it('nothing is written from the third run on, whatever the owners and the policy (§7.3)', () => {
    fc.assert(
      fc.property(anyPair, ({ world, syncOn, rule }) => {
        // The second run is for a pair whose switch the first one turned on in the ERP.
        const first = run(world, start(world, syncOn, rule), rule)
        const second = run(world, first.pair, rule)
        if (first.pair.syncOn === syncOn) expect(second.written).toBe(0)
        const third = run(world, second.pair, rule)
        expect(third.written).toBe(0)
        expect(third.pair).toEqual(second.pair)
      }),
      { numRuns: 700 },
    )
  })

  it('then both sides agree on every shared text that is open to both, but where a person is asked (§7.2)', () => {
    fc.assert(
      fc.property(anyPair, ({ world, rule }) => {
        const settled = run(world, run(world, start(world, true, rule), rule).pair, rule).pair
        const open = plan(world, settled, rule).conflicts.map((conflict) => conflict.field)
        const { writableFields } = world.description.types[world.type]
        for (const entry of settled.syncOn ? world.entries : []) {
          const held = settled.crm[entry.crm]
          const ours = inCrmForm(world, settled, entry)
          if (entry.owner !== 'shared' || !['text', 'memo', 'decimal'].includes(entry.transform.kind)) continue
          if (entry.role || world.pins.includes(entry.crm) || open.includes(entry.crm)) continue
          if (held === undefined || ours === undefined || !(writableFields?.includes(entry.crm) ?? true)) continue
          const theirs = canonicalCrmValue(entry.transform, held)
          expect([entry.crm, sameValue(entry.transform, ours, theirs)]).toEqual([entry.crm, true])
        }
      }),
      { numRuns: 700 },
    )
  })

  it('nothing is taken of what the ERP owns, and nothing is sent of what the CRM owns (§9)', () => {
    fc.assert(
      fc.property(anyPair, ({ world, syncOn, rule }) => {
        const pair = start(world, syncOn, rule)
        const { write, erpWrite, taken, conflicts } = plan(world, pair, rule)
        const ownerOf = (field: string) => world.entries.find((entry) => entry.crm === field)?.owner
        for (const field of Object.keys(taken)) expect(['crm', 'shared']).toContain(ownerOf(field))
        for (const field of Object.keys(write)) expect(['erp', 'shared']).toContain(ownerOf(field))
        for (const { field } of conflicts) expect([ownerOf(field), rule.policy]).toEqual(['shared', 'ask'])
        for (const field of world.pins) expect([write[field], taken[field]]).toEqual([undefined, undefined])
        expect(Object.keys(erpWrite).length).toBe(Object.keys(taken).length)
      }),
      { numRuns: 700 },
    )
  })
})
