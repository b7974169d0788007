import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codePointLength } from '#lib/sync/name-rule'
import { planUpdate, type UpdatePlan } from '#lib/sync/plan'
import { type CreatePlan, planCreate } from '#lib/sync/plan-create'
import type { Fields, Side } from '#lib/sync/records'
import { anyWorld, type World } from '../support/arbitrary-records.ts'
import { crmRecord, erpRecord, lookups } from '../support/sync-records.ts'

function plan(world: World, crm: Fields, base: Fields | null, erp = world.erp): UpdatePlan {
  return planUpdate({
    erp: erpRecord(world.type, erp),
    crm: crmRecord(world.type, crm),
    base,
    pins: world.pins,
    entries: world.entries,
    lookups: lookups(world.mapped, world.description),
    policy: 'erp-wins',
  })
}

/** The base an earlier sync left, be it of a pair or of a creation (which knows empty fields), or none for a fresh pair. */
function baseOf(world: World): Fields | null {
  if (world.earlier === null) return null
  return world.wasCreated ? create(world, world.earlier).base : plan(world, {}, null, world.earlier).base
}

function create(world: World, erp: Fields): CreatePlan {
  return planCreate({
    erp: erpRecord(world.type, erp),
    entries: world.entries,
    lookups: lookups(world.mapped, world.description),
    callerKey: 'K',
  })
}

/** The CRM after a write: as written, in the spelling of a system that pads amounts and ends lines its own way. */
function applied(world: World, crm: Fields, write: Fields): Fields {
  const kinds = new Map(world.entries.map((entry) => [entry.crm, entry.transform.kind]))
  const spelled = Object.entries(write).map(([field, value]) => {
    if (value === null) return [field, kinds.get(field) === 'decimal' ? '0.0000' : null]
    if (kinds.get(field) === 'decimal') return [field, value.includes('.') ? `${value}00` : `${value}.00`]
    return [field, kinds.get(field) === 'memo' ? `${value.replaceAll('\n', '\r\n')}\r\n` : value]
  })
  return { ...crm, ...Object.fromEntries(spelled) }
}

describe('planning an update', () => {
  it('plan after apply is empty, and tells the same warnings (§7.3)', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const first = plan(world, world.crm, baseOf(world))
        const second = plan(world, applied(world, world.crm, first.write), first.base)
        expect(second.write).toEqual({})
        expect(second.changes.filter((change) => change.side !== 'erp')).toEqual([])
        expect(second.erpWrite).toEqual(first.erpWrite)
        expect(second.base).toEqual(first.base)
        expect(second.settled).toBe(first.settled)
        expect(second.warnings.map((warning) => [warning.code, warning.field])).toEqual(
          first.warnings.map((warning) => [warning.code, warning.field]),
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('a fresh pair whose CRM side holds what would be sent has nothing to write (§13.3)', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const wanted = plan(world, {}, null).write
        expect(plan(world, applied(world, {}, wanted), null).write).toEqual({})
      }),
      { numRuns: 500 },
    )
  })

  it('writes no pinned field, none the CRM lacks, and nothing longer than it allows (§7.2, §7.4)', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { write } = plan(world, world.crm, baseOf(world))
        const { writableFields, lengths } = world.description.types[world.type]
        for (const [field, value] of Object.entries(write)) {
          const kind = world.entries.find((entry) => entry.crm === field)?.transform.kind
          expect(world.pins).not.toContain(field)
          if (writableFields) expect(writableFields).toContain(field)
          if (kind === 'text' || kind === 'memo')
            expect([...(value ?? '')].length).toBeLessThanOrEqual(lengths[field] ?? 0)
          if (kind === 'short-name') expect(codePointLength(value ?? '')).toBeLessThanOrEqual(40)
          expect(value?.isWellFormed() ?? true).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('every written field is told once, and every other field keeps its base or agrees (§7.1)', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const base = baseOf(world)
        const result = plan(world, world.crm, base)
        const told = (side: Side) =>
          result.changes.filter((change) => change.side === side).map((change) => change.field)
        expect(told('crm')).toEqual(Object.keys(result.write))
        expect(told('erp')).toEqual(Object.keys(result.taken))
        expect(new Set(result.changes.map((change) => change.field)).size).toBe(result.changes.length)
        for (const [field, value] of Object.entries(result.write)) expect(result.base[field]).toBe(value)
        for (const field of Object.keys(base ?? {})) expect(result.base).toHaveProperty([field])
      }),
      { numRuns: 1000 },
    )
  })

  it('a reference is never cleared, and no field is cleared that had no base (§7.5, §7.7, §13.11)', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const base = baseOf(world)
        const { write } = plan(world, world.crm, base)
        for (const [field, value] of Object.entries(write)) {
          if (value !== null) continue
          expect(base?.[field] ?? null).not.toBeNull()
          expect(world.entries.find((entry) => entry.crm === field)?.transform.kind).not.toBe('reference')
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('leaves a field out with exactly one warning', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const fields = plan(world, world.crm, baseOf(world)).warnings.map((warning) => warning.field)
        expect(new Set(fields).size).toBe(fields.length)
      }),
      { numRuns: 500 },
    )
  })
})

describe('planning a creation', () => {
  it('what was created, as read back, is not due again (§5.4)', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const created = create(world, world.erp)
        expect(Object.values(created.fields)).not.toContain(null)
        const next = plan(world, applied(world, {}, created.fields), created.base)
        expect(next.write).toEqual({})
      }),
      { numRuns: 1000 },
    )
  })
})
