import fc from 'fast-check'
import { expect } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import { requestCancel, requestPause, resumeRun, startRun } from '#lib/engine/start'
import { database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import type { WayBack } from './way-back.ts'
import { NO_OPTIONS } from './world.ts'

/**
 * The whole engine against a model so small that it is plainly right: contacts with one shared field, who has changed it
 * on which side since the last sync, and which of them have been added or deleted. Everything else that a command checks
 * has to hold after every run: counters add up, pairs are one to one, nothing exists twice.
 */
export interface Model {
  readonly contacts: ModelContact[]
  /** Waits for its next attempt, or for a person. */
  openRun: boolean
}

interface ModelContact {
  erp: string
  crm: string
  agreed: string
  /** Deleted in the CRM: the pair ends with the next sync, and nobody makes the record anew by itself. */
  gone: boolean
  /** A run was cut short meanwhile: whether it had come to this record, the model does not know. */
  unsure: boolean
  /** The record's place among those of the real systems. */
  readonly at: number
}

export interface Real {
  readonly back: WayBack
  readonly keys: { readonly erpKey: string; crmId: string | null }[]
  runId: string | null
}

const VALUES = ['Partner', 'Director', 'Owner', 'Project manager', 'Trustee']
const FIELD = 'Title'

type Command = fc.AsyncCommand<Model, Real>

function command(label: string, run: Command['run'], check: Command['check'] = () => true): Command {
  return { run, check, toString: () => label }
}

function pick(model: Readonly<Model>, place: number): ModelContact | undefined {
  return model.contacts[place % Math.max(1, model.contacts.length)]
}

function edit(side: 'erp' | 'crm', place: number, to: string): Command {
  return command(
    `${side}[${place}]=${to}`,
    async (model, { back, keys }) => {
      const contact = pick(model, place)
      const key = contact && keys[contact.at]
      if (!contact || !key || (side === 'crm' && key.crmId === null)) return
      contact[side] = to
      if (side === 'erp') await back.inErp('contact', key.erpKey, { [FIELD]: to })
      else await back.inCrm('contact', key.crmId ?? '', { [FIELD]: to })
    },
    (model) => side === 'erp' || pick(model, place)?.gone === false,
  )
}

function add(title: string): Command {
  return command(`add ${title}`, async (model, { back, keys }) => {
    const at = keys.length
    const fields = { FirstName: 'Ada', LastName: `Model ${at}`, [FIELD]: title }
    const { key } = await back.control.act({ action: 'add', side: 'erp', type: 'contact', fields })
    keys.push({ erpKey: key ?? '', crmId: null })
    model.contacts.push({ erp: title, crm: '', agreed: '', gone: false, unsure: false, at })
  })
}

function remove(place: number): Command {
  return command(
    `delete crm[${place}]`,
    async (model, { back, keys }) => {
      const contact = pick(model, place)
      const key = contact && keys[contact.at]
      if (!contact || !key || key.crmId === null) return
      await back.control.act({ action: 'delete', side: 'crm', type: 'contact', key: key.crmId })
      contact.gone = true
    },
    (model) => pick(model, place)?.gone === false,
  )
}

interface Faults {
  readonly lostAnswerProbability: number
  readonly lyingErrorProbability: number
}

const CALM: Faults = { lostAnswerProbability: 0, lyingErrorProbability: 0 }

function weather(faults: Faults): Command {
  return command(`weather ${JSON.stringify(faults)}`, async (_, { back }) => {
    await back.control.setFaults({ crm: faults, erp: faults })
  })
}

/** Changes nothing that the model knows of. */
const preview = command(
  'preview',
  async (_, { back }) => {
    await back.control.clearJournal()
    expect((await back.run({ preview: true })).state).toBe('previewed')
    expect(await back.writes()).toEqual({ erp: [], crm: [] })
  },
  (model) => !model.openRun,
)

/** A run whose process stops after so many writes, or that is paused or cancelled there; the next sync deals with it. */
function interrupted(how: 'stop' | 'pause' | 'cancel', writes: number): Command {
  return command(
    `${how} after ${writes} writes`,
    async (model, real) => {
      const { world, control } = real.back
      await control.clearJournal()
      const options = { ...NO_OPTIONS, allBatches: true }
      const { connectionId, openPorts } = world
      const { runId } = await startRun({ connectionId, trigger: 'cli', startedBy: 'model', options })
      const stopping = new AbortController()
      let over = false
      const advancing = advanceRun(runId, openPorts, stopping.signal, () => undefined).finally(() => {
        over = true
      })
      while (!over && (await control.counters()).crm.writes < writes) await new Promise(setImmediate)
      if (how === 'pause') await requestPause(runId, 'ann@example.com')
      else if (how === 'cancel') await requestCancel(runId, 'ann@example.com')
      else stopping.abort(new Error('This process is stopping.'))
      await advancing
      real.runId = runId
      model.openRun = true
      for (const contact of model.contacts) contact.unsure = true
    },
    (model) => !model.openRun,
  )
}

/** Brings whatever is open to its end in calm weather, then syncs once more: now both systems hold what the model says. */
export const sync = command('sync', async (model, real) => {
  const { back } = real
  if (real.runId !== null) {
    await resumeRun(real.runId, { inProcess: true })
    await back.world.advance(real.runId)
    await expectSumsOf(real.runId)
  }
  real.runId = null
  model.openRun = false
  await back.control.setFaults({ crm: CALM, erp: CALM })
  expect((await back.run()).message).toBe('Sync Completed')
  await expectAsModel(model, real)
})

/** sync-rules §7.2 for a shared field where the ERP wins: what both sides may hold now. */
function possible({ erp, crm, agreed, unsure }: ModelContact): string[] {
  const merged = erp === agreed ? crm : erp
  return unsure ? [erp, crm] : [merged]
}

async function expectAsModel(model: Model, real: Real): Promise<void> {
  const { back, keys } = real
  const pairs = new Map((await back.pairs('contact')).map((pair) => [pair.erpKey, pair.crmId]))
  expect(new Set(pairs.values()).size).toBe(pairs.size)
  expect((await back.control.snapshot('crm')).duplicates).toEqual([])
  for (const contact of model.contacts) {
    const key = keys[contact.at]
    if (!key) continue
    const crmId = pairs.get(key.erpKey) ?? null
    expect([key.erpKey, crmId !== null]).toEqual([key.erpKey, !contact.gone])
    if (crmId === null) continue
    key.crmId = crmId
    const held = (await back.erp('contact', key.erpKey)).fields[FIELD] ?? ''
    expect(possible(contact)).toContain(held)
    expect((await back.crm('contact', crmId)).fields[FIELD] ?? '').toBe(held)
    Object.assign(contact, { erp: held, crm: held, agreed: held, unsure: false })
  }
  const open = await database().syncItem.count({ where: { state: 'sending' } })
  expect(open).toBe(0)
}

async function expectSumsOf(runId: string): Promise<void> {
  const run = await findRun(runId)
  for (const counts of Object.values(run?.counters ?? {})) expect(addsUp(counts)).toBe(true)
}

const value = fc.constantFrom(...VALUES)
/** Few, so that both sides often change the same one. */
const place = fc.nat(3)
const odds = fc.constantFrom(0, 0.1)

/** `calm`: no run is cut short, so that the model is sure of every value. */
export function commands({ calm }: { readonly calm: boolean }): fc.Arbitrary<Iterable<Command>> {
  const edits = fc
    .tuple(fc.constantFrom<('erp' | 'crm')[]>('erp', 'crm'), place, value)
    .map(([side, at, to]) => edit(side, at, to))
  const cuts = fc
    .tuple(fc.constantFrom<('stop' | 'pause' | 'cancel')[]>('stop', 'pause', 'cancel'), fc.nat(12))
    .map(([how, writes]) => interrupted(how, writes))
  const all = fc.commands<Model, Real>(
    [
      ...Array.from({ length: 8 }, () => edits),
      value.map(add),
      place.map(remove),
      fc.record({ lostAnswerProbability: odds, lyingErrorProbability: odds }).map(weather),
      fc.constant(preview),
      ...(calm ? [] : [cuts]),
      ...Array.from({ length: 4 }, () => fc.constant(sync)),
    ],
    { maxCommands: 60, size: 'max' },
  )
  // All of them are asynchronous, which the type of `fc.commands` does not say.
  return all as fc.Arbitrary<Iterable<Command>>
}
