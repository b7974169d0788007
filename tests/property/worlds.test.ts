import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addsUp } from '#lib/sync/outcome'
import { findCrm, type PureWorld } from '../support/pure-world.ts'
import { anyOptions, anyPureWorld } from '../support/pure-world-arbitrary.ts'
import { countersOf, syncWorld } from '../support/pure-world-run.ts'
import { crmRecordKey, erpRecordKey, type WorldRun } from '../support/pure-world-sync.ts'
import { contentsOf, disagreements, entryOf, pairBefore, shuffled, stateOf } from '../support/pure-world-truth.ts'
import { sow } from '../support/seed.ts'

sow('Generated worlds')

/** Some runs, one after the other. */
function runs(world: PureWorld, options: WorldRun['options'], howMany: number): WorldRun[] {
  const all: WorldRun[] = []
  for (let number = 0; number < howMany; number += 1) all.push(syncWorld(all.at(-1)?.world ?? world, options))
  return all
}

describe('two systems, run after run', () => {
  it('after two runs both agree on every field that is theirs to share, and the third writes nothing (§7.2, §7.3)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, (world, options) => {
        const [, second, third] = runs(world, options, 3)
        expect(disagreements(second?.world ?? world, options)).toEqual([])
        expect(third?.writes).toEqual([])
        expect(third?.world.pairs).toEqual(second?.world.pairs)
      }),
      { numRuns: 300 },
    )
  })

  it('nothing is written to the ERP of what the ERP owns, and nothing to the CRM of what the CRM owns (§9)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, (world, options) => {
        for (const { side, type, action, changes } of runs(world, options, 2).flatMap((run) => run.writes)) {
          // A record that is new in the ERP is made of all that the CRM holds, whoever owns it later.
          const also = action !== 'create' ? [] : side === 'erp' ? ['erp', 'create'] : ['create']
          const owners = [side === 'erp' ? 'crm' : 'erp', 'shared', ...also]
          for (const { field } of changes) expect(owners).toContain(entryOf(world, type, field)?.owner)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('a pinned field keeps on both sides what it holds (§7.2)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, (world, options) => {
        const after = runs(world, options, 2).at(-1)?.world ?? world
        for (const pair of world.pairs) {
          const [before, now] = [contentsOf(world, pair), contentsOf(after, pair)]
          for (const field of pair.pins) expect(now.crm[field]).toBe(before.crm[field])
          const entries = world.rules.fieldMap[pair.type]
          const open = entries.filter((entry) => !pair.pins.includes(entry.crm)).map((entry) => entry.erp)
          for (const { erp } of entries.filter((entry) => !open.includes(entry.erp)))
            expect(now.erp[erp]).toBe(before.erp[erp])
        }
      }),
      { numRuns: 150 },
    )
  })

  it('no field is cleared that had no base, and no link is cleared at all (§7.7, §13.11)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, (world, options) => {
        let before = world
        for (const run of runs(world, options, 2)) {
          for (const write of run.writes) {
            for (const { field, to } of write.changes) {
              if (to !== null) continue
              expect(pairBefore(before, write)?.base?.[field] ?? null).not.toBeNull()
              expect(entryOf(world, write.type, field)?.transform.kind).not.toBe('reference')
            }
          }
          before = run.world
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('the records of a run', () => {
  it('pairs stay one to one, what a person ruled out is never paired, and nothing is created twice (§4.7, §4.10)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, (world, options) => {
        const all = runs(world, options, 3)
        for (const run of all) {
          const living = run.world.pairs.filter((pair) => pair.removed === null)
          for (const side of ['erpKey', 'crmId'] as const) {
            expect(new Set(living.map((pair) => `${pair.type} ${pair[side]}`)).size).toBe(living.length)
          }
          const added = living.filter((pair) => pair.addedInRun === run.number)
          for (const pair of added) {
            const { type, erpKey, crmId } = pair
            if (pair.isCreated) continue
            expect(world.never).not.toContainEqual({ type, erpKey, crmId })
          }
        }
        const created = all.flatMap((run) => run.writes).filter((write) => write.action === 'create')
        expect(new Set(created.map(({ type, erpKey }) => `${type} ${erpKey}`)).size).toBe(created.length)
        expect(new Set(created.map(({ type, crmId }) => `${type} ${crmId}`)).size).toBe(created.length)
      }),
      { numRuns: 150 },
    )
  })

  it('a pair whose CRM record is gone ends, others stand, and what was lost is not created again by itself (§8.4)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, (world, options) => {
        const after = runs(world, options, 2).at(-1)?.world ?? world
        for (const pair of world.pairs) {
          const isThere = findCrm(world, pair.type, pair.crmId) !== undefined
          const now = after.pairs.filter((one) => one.type === pair.type && one.erpKey === pair.erpKey)
          expect(now[0]?.removed).toBe(isThere ? null : 'gone')
          for (const later of now.slice(1)) expect(later.isCreated).toBe(false)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('the order in which records and pairs are given never matters (§4.7, §5.3)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, fc.integer(), (world, chosen, seed) => {
        const options = { ...chosen, allBatches: false }
        const mixed = runs(shuffled(world, seed), options, 2)
        for (const [index, run] of runs(world, options, 2).entries())
          expect(stateOf(mixed[index])).toEqual(stateOf(run))
      }),
      { numRuns: 100 },
    )
  })

  it('every record has exactly one outcome, it tells what was written, and the outcomes add up (§7.8)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, (world, options) => {
        let before = world
        for (const run of runs(world, options, 2)) {
          const created = run.writes.filter((write) => write.side === 'erp' && write.action === 'create')
          const expected = [
            ...before.erp.map((record) => erpRecordKey(record.type, record.key)),
            ...created.map((write) => crmRecordKey(write.type, write.crmId)),
          ]
          expect([...run.outcomes.keys()].filter((key) => key.includes(' erp ')).sort()).toEqual(
            expected.filter((key) => key.includes(' erp ')).sort(),
          )
          for (const counts of countersOf(run).values()) expect(addsUp(counts)).toBe(true)
          const written = new Set(run.writes.flatMap(recordsOf))
          for (const [record, outcome] of run.outcomes) {
            if (['created', 'updated'].includes(outcome)) expect(written).toContain(record)
            if (['unchanged', 'skipped', 'notReached'].includes(outcome)) expect(written).not.toContain(record)
          }
          before = run.world
        }
      }),
      { numRuns: 150 },
    )
  })

  it('batch after batch, each of its size, drains the backlog in the runs foretold and ends like one run for all (§6.1, §6.2)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, (world, options) => {
        const { batchSize } = world.rules
        const inBatches = [syncWorld(world, { ...options, allBatches: false })]
        const foretold = Math.ceil((inBatches[0]?.remaining ?? 0) / batchSize)
        for (let number = 0; number < foretold; number += 1) {
          inBatches.push(syncWorld(inBatches.at(-1)?.world ?? world, { ...options, allBatches: false }))
        }
        for (const [index, run] of inBatches.entries()) {
          const isLast = index === inBatches.length - 1
          const projects = run.writes.filter((write) => write.type === 'project' && write.action !== 'turn-on')
          expect(
            projects.filter((write) => write.side === 'crm' && write.action === 'update').length,
          ).toBeLessThanOrEqual(batchSize)
          expect(run.remaining === 0).toBe(isLast)
          if (!isLast)
            expect(run.writes.filter((write) => write.side === 'erp' && write.action !== 'turn-on')).toEqual([])
          if (!isLast) expect(projects.filter((write) => write.action === 'create')).toEqual([])
        }
        const drained = runs(inBatches.at(-1)?.world ?? world, options, 2).at(-1)
        const atOnce = runs(world, options, 3).at(-1)
        expect(stateOf(drained).erp).toEqual(stateOf(atOnce).erp)
        expect(stateOf(drained).crm).toEqual(stateOf(atOnce).crm)
      }),
      { numRuns: 150 },
    )
  })
})

/** The outcome that a write belongs to. */
function recordsOf({ side, action, type, erpKey, crmId }: WorldRun['writes'][number]): string[] {
  return [side === 'erp' && action === 'create' ? crmRecordKey(type, crmId) : erpRecordKey(type, erpKey)]
}
