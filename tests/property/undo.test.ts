import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalCrmValue, sameValue } from '#lib/sync/canonical'
import { type FieldChange, planUpdate } from '#lib/sync/plan'
import type { CrmRecord, ErpRecord, Fields, FieldValue, Side } from '#lib/sync/records'
import { planUndo, type UndoPlan, undoneChanges } from '#lib/sync/undo'
import { anyWorld, ownedAnew, type World } from '../support/arbitrary-records.ts'
import { crmRecord, erpRecord, lookups } from '../support/sync-records.ts'

/** Both sides of one pair and its base at one time. */
interface State {
  readonly erp: Fields
  readonly syncToCrm: boolean
  readonly crm: Fields
  readonly base: Fields | null
}

/** What somebody does to a field between the run and its undo: by the place of the change in the run's list. */
type Edit = 'alone' | 'same again' | 'back by hand' | 'edited' | 'pinned'

const anyCase = fc.record({
  world: anyWorld.chain(ownedAnew),
  edits: fc.array(fc.constantFrom<Edit[]>('alone', 'alone', 'same again', 'back by hand', 'edited', 'pinned'), {
    minLength: 1,
    maxLength: 40,
  }),
})

function erpOf(world: World, state: State): ErpRecord {
  return erpRecord(world.type, state.erp, { syncToCrm: state.syncToCrm })
}

function crmOf(world: World, state: State): CrmRecord {
  return crmRecord(world.type, state.crm)
}

/** A base that an earlier sync left of the pair, or none. */
function start(world: World): State {
  const { erp, crm, earlier } = world
  const before = earlier === null ? null : plan(world, { erp: earlier, syncToCrm: true, crm: {}, base: null })
  return { erp, syncToCrm: true, crm, base: before && { ...before.base } }
}

function plan(world: World, state: State) {
  return planUpdate({
    erp: erpOf(world, state),
    crm: crmOf(world, state),
    base: state.base,
    pins: world.pins,
    entries: world.entries,
    lookups: lookups(world.mapped, world.description),
    policy: 'erp-wins',
  })
}

/** The state after a write. The CRM spells in its own way; what it did not show before, it does not show after. */
function written(world: World, state: State, side: Side, write: Fields): State {
  if (side === 'erp') {
    const { SyncToCRM, ...fields } = write
    return {
      ...state,
      erp: { ...state.erp, ...fields },
      syncToCrm: SyncToCRM === undefined ? state.syncToCrm : SyncToCRM === 'Y',
    }
  }
  const kinds = new Map(world.entries.map((entry) => [entry.crm, entry.transform.kind]))
  const shown = Object.entries(write).filter(([field]) => field in world.crm)
  const spelled = shown.map(([field, value]): [string, FieldValue] => {
    if (kinds.get(field) === 'decimal') return [field, value === null ? '0.0000' : pad(value)]
    return [field, kinds.get(field) === 'memo' && value !== null ? `${value.replace(/\r?\n/g, '\r\n')}\r\n` : value]
  })
  return { ...state, crm: { ...state.crm, ...Object.fromEntries(spelled) } }
}

function pad(amount: string): string {
  return /^-?\d+(\.\d+)?$/.test(amount) ? (amount.includes('.') ? `${amount}00` : `${amount}.00`) : amount
}

function held(state: State, side: Side, change: FieldChange): FieldValue | undefined {
  if (side === 'crm') return state.crm[change.field]
  return change.erpField === 'SyncToCRM' ? (state.syncToCrm ? 'Y' : 'N') : state.erp[change.erpField ?? '']
}

function isSame(world: World, change: FieldChange, a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  const transform = world.entries.find((entry) => entry.crm === change.field)?.transform
  if (!transform) throw new Error(`The map has no ${change.field}.`)
  if (a === undefined || b === undefined) return a === b
  return sameValue(transform, canonicalCrmValue(transform, a), canonicalCrmValue(transform, b))
}

function isLinkThatStays(world: World, change: FieldChange): boolean {
  const kind = world.entries.find((entry) => entry.crm === change.field)?.transform.kind
  return kind === 'reference' && change.from === null
}

function edited(change: FieldChange, edit: Edit): FieldValue {
  if (edit === 'back by hand') return change.from
  return edit === 'edited' ? (change.to === 'Y' || change.to === 'N' ? change.from : '4711.25') : change.to
}

function undo(
  world: World,
  state: State,
  side: Side,
  changes: readonly FieldChange[],
  pins: readonly string[] = [],
): UndoPlan {
  return planUndo({
    type: world.type,
    side,
    changes: undoneChanges(changes, side),
    record: side === 'erp' ? erpOf(world, state) : crmOf(world, state),
    entries: world.entries,
    description: world.description,
    pins: [...world.pins, ...pins],
    explain: ({ reason }) => reason,
  })
}

function based(base: Fields | null, undone: UndoPlan): Fields {
  const left = Object.entries(base ?? {}).filter(([field]) => !undone.base.forget.includes(field))
  return { ...Object.fromEntries(left), ...undone.base.restore }
}

describe('undo restores (guide/reliability.md, invariant 19)', () => {
  it('whatever a run wrote on either side and whatever was edited since: each field not touched since is back, each other stays (§12)', () => {
    fc.assert(
      fc.property(anyCase, ({ world, edits }) => {
        const before = start(world)
        const run = plan(world, before)
        const sent = written(world, before, 'crm', run.write)
        const synced: State = { ...written(world, sent, 'erp', run.erpWrite), base: { ...run.base, ...run.taken } }
        const editOf = (change: FieldChange) => edits[run.changes.indexOf(change) % edits.length] ?? 'alone'
        const later = run.changes.reduce<State>((state, change) => {
          const side = change.side ?? 'crm'
          const field = side === 'crm' ? change.field : (change.erpField ?? '')
          const edit = editOf(change)
          return edit === 'alone' ? state : written(world, state, side, { [field]: edited(change, edit) })
        }, synced)

        const pins = run.changes.filter((change) => editOf(change) === 'pinned').map(({ field }) => field)
        const erpUndo = undo(world, later, 'erp', run.changes, pins)
        const between = { ...written(world, later, 'erp', erpUndo.write), base: based(later.base, erpUndo) }
        const crmUndo = undo(world, between, 'crm', run.changes, pins)
        const after = { ...written(world, between, 'crm', crmUndo.write), base: based(between.base, crmUndo) }

        const outcome = new Map(
          [...erpUndo.changes, ...crmUndo.changes].map((one) => [`${one.side} ${one.field}`, one]),
        )
        for (const change of run.changes) {
          const side = change.side ?? 'crm'
          const undone = outcome.get(`${side} ${change.field}`)
          const now = held(after, side, change)
          const atUndo = held(later, side, change)
          const touched = !isSame(world, change, atUndo, held(synced, side, change))
          const isShown = side === 'erp' || change.field in world.crm
          if (!isShown) expect(undone?.kept).toBe('unreadable')
          else if (pins.includes(change.field)) expect([undone?.kept, now]).toEqual(['pinned', atUndo])
          else if (isSame(world, change, atUndo, change.from)) expect(undone?.kept).toBeUndefined()
          else if (touched) expect([undone?.kept, now]).toEqual(['changed', atUndo])
          else if (isLinkThatStays(world, change)) expect([undone?.kept, now]).toEqual(['link-stays', atUndo])
          else expect([undone?.kept, isSame(world, change, now, change.from)]).toEqual([undefined, true])
          if (undone?.kept === undefined) expect(isSame(world, change, now, held(before, side, change))).toBe(true)
        }
        // Nothing but the run's own fields was written.
        const crmFields = new Set(run.changes.filter(({ side }) => side !== 'erp').map(({ field }) => field))
        const erpFields = new Set(run.changes.filter(({ side }) => side === 'erp').map(({ erpField }) => erpField))
        for (const [field, value] of Object.entries(later.crm)) {
          if (!crmFields.has(field)) expect(after.crm[field]).toBe(value)
        }
        for (const [field, value] of Object.entries(later.erp)) {
          if (!erpFields.has(field)) expect(after.erp[field]).toBe(value)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('undone at once, the base is that of before the run wherever something was put back, so the next run plans the same again (§12)', () => {
    fc.assert(
      fc.property(anyCase, ({ world }) => {
        const before = start(world)
        const run = plan(world, before)
        const sent = written(world, before, 'crm', run.write)
        const synced = { ...written(world, sent, 'erp', run.erpWrite), base: { ...run.base, ...run.taken } }
        const erpUndo = undo(world, synced, 'erp', run.changes)
        const between = { ...written(world, synced, 'erp', erpUndo.write), base: based(synced.base, erpUndo) }
        const crmUndo = undo(world, between, 'crm', run.changes)
        const after = { ...written(world, between, 'crm', crmUndo.write), base: based(between.base, crmUndo) }
        const kept = [...erpUndo.changes, ...crmUndo.changes].filter((change) => change.kept !== undefined)
        for (const change of run.changes) {
          if (kept.some(({ field }) => field === change.field)) continue
          expect([change.field, after.base[change.field]]).toEqual([change.field, before.base?.[change.field]])
        }
        if (kept.length === 0) {
          const again = plan(world, after)
          // An amount of zero instead of none is no difference that an undo could bring back.
          const changed = run.changes.filter((change) => !isSame(world, change, change.from, change.to))
          expect(again.changes.map(({ field, side }) => [field, side])).toEqual(
            changed.map(({ field, side }) => [field, side]),
          )
        }
      }),
      { numRuns: 500 },
    )
  })

  it('an undo that is cut short after its write and starts again ends in the same state (§10.4, §12)', () => {
    fc.assert(
      fc.property(anyCase, ({ world }) => {
        const before = start(world)
        const run = plan(world, before)
        const synced = { ...written(world, before, 'crm', run.write), base: run.base }
        const first = undo(world, synced, 'crm', run.changes)
        const second = undo(world, written(world, synced, 'crm', first.write), 'crm', run.changes)
        expect(second.write).toEqual({})
        expect(second.putBack).toEqual(first.putBack)
        expect(second.base).toEqual(first.base)
      }),
      { numRuns: 500 },
    )
  })
})
