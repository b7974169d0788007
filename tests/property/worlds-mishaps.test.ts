import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalCrmValue, sameValue } from '#lib/sync/canonical'
import type { FieldChange } from '#lib/sync/plan'
import { problemCodes } from '#lib/sync/problems'
import type { FieldValue, RecordType } from '#lib/sync/records'
import { copyOf, findCrm, findErp, livingPairs, type PureWorld, writeCrm, writeErp } from '../support/pure-world.ts'
import { anyOptions, anyPureWorld } from '../support/pure-world-arbitrary.ts'
import { concernedBy, refusing } from '../support/pure-world-mishaps.ts'
import { syncWorld } from '../support/pure-world-run.ts'
import { crmRecordKey, erpRecordKey, type WorldRun, type WorldWrite } from '../support/pure-world-sync.ts'
import { entryOf, stateOf } from '../support/pure-world-truth.ts'
import { undoRun } from '../support/pure-world-undo.ts'
import { sow } from '../support/seed.ts'

sow('Generated worlds with mishaps')

describe('records that a system refuses', () => {
  it('what becomes of every other record, and of its run, is as if nothing had been refused (§6.5, §7.8)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, fc.nat(), (world, options, seed) => {
        const { refuses, refused } = refusing(seed)
        const broken = syncWorld(world, options, refuses)
        const calm = syncWorld(world, options)
        const concerned = concernedBy({ ...world, pairs: broken.world.pairs }, refused)
        for (const { type, key } of world.erp.filter((record) => !concerned.has(`${record.type} ${record.key}`))) {
          const outcome = (run: typeof calm) => run.outcomes.get(`${type} erp ${key}`)
          expect([type, key, outcome(broken)]).toEqual([type, key, outcome(calm)])
          expect(findErp(broken.world, type, key)).toEqual(findErp(calm.world, type, key))
          const pair = calm.world.pairs.find((one) => one.type === type && one.erpKey === key)
          if (pair) expect(findCrm(broken.world, type, pair.crmId)).toEqual(findCrm(calm.world, type, pair.crmId))
        }
        expect(broken.remaining).toBe(calm.remaining)
        expect(failuresMissing(broken, refused)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it('once nothing is refused any more everything heals: two runs later it is as if nothing ever had been (§8.6, §10.2)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, fc.nat(), (world, options, seed) => {
        const broken = syncWorld(world, options, refusing(seed).refuses)
        const healed = syncWorld(syncWorld(broken.world, options).world, options)
        const calm = syncWorld(syncWorld(syncWorld(world, options).world, options).world, options)
        expect(stateOf(healed).erp).toEqual(stateOf(calm).erp)
        expect(stateOf(healed).crm).toEqual(stateOf(calm).crm)
      }),
      { numRuns: 200 },
    )
  })

  it('parents come first: a record that is sent finds every parent that the same run brings (§7.5, §8.6)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, (world, options) => {
        const run = syncWorld(world, options)
        for (const { code, field, value, record } of run.warnings) {
          const [type] = record.split(' ')
          const entry = entryOf(world, run.world.erp.find((one) => one.type === type)?.type ?? 'project', field)
          if (code !== problemCodes.unmappedReference || entry?.transform.kind !== 'reference') continue
          const { type: parent } = entry.transform
          // Superiors are employees themselves: a circle of new ones is closed by the next run.
          if (parent === type) continue
          const living = livingPairs(run.world, parent)
          expect(living.some((pair) => pair.erpKey === value)).toBe(false)
        }
      }),
      { numRuns: 200 },
    )
  })
})

/** What somebody does to a field between a run and its undo. */
type Edit = 'none' | 'edited' | 'back'

describe('undoing a run', () => {
  it('every field that nobody has touched since is back on both sides, every other stays, and pairs that it added are gone (§12)', () => {
    fc.assert(
      fc.property(
        anyPureWorld,
        anyOptions,
        fc.array(fc.constantFrom<Edit[]>('none', 'none', 'edited', 'back'), { minLength: 1, maxLength: 20 }),
        (world, options, edits) => {
          const run = syncWorld(world, options)
          const later = copyOf(run.world)
          later.tick += 1
          const updates = run.writes.filter((write) => write.action !== 'create')
          const fields = updates.flatMap((write) => write.changes.map((change) => ({ write, change })))
          for (const [index, { write, change }] of fields.entries()) {
            edit(later, write, change, edits[index % edits.length] ?? 'none')
          }
          const undone = undoRun(later, run)
          const keptOf = (write: WorldWrite, change: FieldChange) =>
            undone.fields.find((one) => one.write === write && one.change.field === change.field)?.change.kept
          for (const { write, change } of fields) {
            const same = (a: FieldValue | undefined, b: FieldValue | undefined) => isSame(world, write, change, a, b)
            const [now, atUndo] = [heldOf(undone.world, write, change), heldOf(later, write, change)]
            const kept = keptOf(write, change)
            if (kept === undefined) expect(same(now, change.from)).toBe(true)
            else expect(same(now, atUndo)).toBe(true)
            const isTouched = !same(atUndo, change.to) && !same(atUndo, change.from)
            if (isTouched) expect(kept).toBeDefined()
            else if (kept !== undefined) expect(['unreadable', 'link-stays']).toContain(kept)
          }
          expect(undone.world.pairs.filter((pair) => pair.removed === null && pair.addedInRun === run.number)).toEqual(
            [],
          )
          const created = run.writes.filter((write) => write.action === 'create')
          for (const { type, crmId, erpKey } of created) {
            expect(findCrm(undone.world, type, crmId)).toBeDefined()
            expect(findErp(undone.world, type, erpKey)).toBeDefined()
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('undone at once and run again, it writes the same values again (§12)', () => {
    fc.assert(
      fc.property(anyPureWorld, anyOptions, (world, options) => {
        // What an undo writes is the newest there is.
        fc.pre(world.rules.policy !== 'newest-wins')
        const run = syncWorld(world, options)
        const undone = undoRun(run.world, run)
        const again = syncWorld(undone.world, options)
        const wasAdded = (write: WorldWrite) =>
          run.world.pairs.some(
            (pair) => pair.addedInRun === run.number && pair.type === write.type && pair.erpKey === write.erpKey,
          )
        const kept = (write: WorldWrite) =>
          undone.fields.some(
            (one) =>
              one.change.kept !== undefined && one.write.type === write.type && one.write.erpKey === write.erpKey,
          )
        const told = (writes: readonly WorldWrite[]) =>
          writes
            .filter((write) => !wasAdded(write) && !kept(write))
            .flatMap((write) => write.changes.map((change) => ({ ...write, ...change })))
            // A record that stayed in the CRM is found before anything is sent, so a link to it may come sooner.
            .filter(({ type, field }) => entryOf(world, type, field)?.transform.kind !== 'reference')
            .map(({ side, type, erpKey, field, to }) => `${side} ${type} ${erpKey} ${field} ${to}`)
            .sort()
        expect(told(again.writes)).toEqual(told(run.writes))
      }),
      { numRuns: 100 },
    )
  })
})

/** Records that something was refused of, switches aside, and that the run does not tell as failed. */
function failuresMissing(run: WorldRun, refused: readonly Parameters<WorldRun['refuses']>[0][]): string[] {
  const isSwitch = (type: RecordType, erpKey: string) =>
    run.world.pairs.some((pair) => pair.type === type && pair.erpKey === erpKey && pair.syncOverride === true)
  return refused.flatMap(({ side, type, key }) => {
    const pair = run.world.pairs.find((one) => one.type === type && (one.erpKey === key || one.crmId === key))
    if (side === 'erp' && isSwitch(type, key)) return []
    const isNew = side === 'erp' && findErp(run.world, type, key) === undefined
    const record = isNew ? crmRecordKey(type, key) : erpRecordKey(type, pair?.erpKey ?? key)
    return run.outcomes.get(record) === 'failed' ? [] : [`${side} ${record}: ${run.outcomes.get(record)}`]
  })
}

function edit(world: PureWorld, { side, type, erpKey, crmId }: WorldWrite, change: FieldChange, how: Edit): void {
  if (how === 'none') return
  const isFlag = change.to === 'Y' || change.to === 'N'
  const value = how === 'back' || isFlag ? change.from : '4711.25'
  const [erp, crm] = [findErp(world, type, erpKey), findCrm(world, type, crmId)]
  if (side === 'erp' && erp) writeErp(world, erp, { [change.erpField ?? '']: value })
  if (side === 'crm' && crm) writeCrm(world, crm, { [change.field]: value })
}

function heldOf(
  world: PureWorld,
  { side, type, erpKey, crmId }: WorldWrite,
  change: FieldChange,
): FieldValue | undefined {
  if (side === 'crm') return findCrm(world, type, crmId)?.fields[change.field]
  const erp = findErp(world, type, erpKey)
  return change.erpField === 'SyncToCRM' ? (erp?.syncToCrm ? 'Y' : 'N') : erp?.fields[change.erpField ?? '']
}

function isSame(
  world: PureWorld,
  write: WorldWrite,
  change: FieldChange,
  a: FieldValue | undefined,
  b: FieldValue | undefined,
): boolean {
  const transform = entryOf(world, write.type, change.field)?.transform
  if (!transform || a === undefined || b === undefined) return a === b
  return sameValue(transform, canonicalCrmValue(transform, a), canonicalCrmValue(transform, b))
}
