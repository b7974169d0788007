import { afterEach, expect, test } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import type { OpenPorts } from '#lib/engine/context'
import { conflictVersion } from '#lib/store/conflicts'
import { database } from '#lib/store/database'
import { decideConflict } from '#lib/store/decisions'
import type { ConflictPolicy } from '#lib/sync/merge'
import { openInStep, type Pair, type WayBack } from '../support/way-back.ts'
import { logOf } from '../support/world.ts'

/** The four conflict policies, from one edit on either side to what both systems hold in the end (§7.2). */

let back: WayBack
afterEach(() => back.world.close())

async function open(conflictPolicy: ConflictPolicy): Promise<Pair[]> {
  back = await openInStep({ engine: { conflictPolicy } })
  return back.pairs('contact')
}

type Side = 'erp' | 'crm'

/** Both sides change the title of a contact, one after the other. */
async function changeBoth({ erpKey, crmId }: Pair, last: Side): Promise<void> {
  const inErp = () => back.inErp('contact', erpKey, { Title: 'Ours' })
  const inCrm = () => back.inCrm('contact', crmId, { Title: 'Theirs' })
  const [first, second] = last === 'crm' ? [inErp, inCrm] : [inCrm, inErp]
  await first()
  // Stamps of the CRM are whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 2_100))
  await second()
}

async function titles({ erpKey, crmId }: Pair): Promise<unknown[]> {
  return [(await back.erp('contact', erpKey)).fields.Title, (await back.crm('contact', crmId)).fields.Title]
}

async function expectQuiet(): Promise<void> {
  await back.writes()
  const run = await back.run()
  expect(await back.writes()).toEqual({ erp: [], crm: [] })
  expect(run.counters.contact).toMatchObject({ updated: 0 })
}

test.each([
  ['erp-wins', 'crm', 'Ours'],
  ['crm-wins', 'erp', 'Theirs'],
  ['newest-wins', 'crm', 'Theirs'],
  ['newest-wins', 'erp', 'Ours'],
] as const)(
  '%s, changed last in the %s: both hold “%s”, and the log says what gave way (§7.2)',
  async (policy, last, title) => {
    const [pair] = await open(policy)
    if (!pair) throw new Error('The firm has no contacts.')
    await changeBoth(pair, last)
    const run = await back.run()
    expect(await titles(pair)).toEqual([title, title])
    expect(run.counters.contact).toMatchObject({ updated: 1, conflict: 0 })
    const told = (await logOf(run.id)).find((line) => line.erpKey === pair.erpKey && line.method.includes('Update'))
    expect(told?.method).toBe(title === 'Ours' ? 'Vantagepoint Update Contact' : 'Ajera Update Contact')
    expect(told?.message).toMatch(/Overwritten, because (Ajera|Vantagepoint) wins: Title was “.+”, is “.+”\./)
    await expectQuiet()
  },
)

test.each([
  ['take this', { take: 'erp' }, 'Ours'],
  ['take that', { take: 'crm' }, 'Theirs'],
  ['type a value', { typed: 'Arbiter' }, 'Arbiter'],
] as const)(
  'ask: nothing is written and a conflict opens; %s reaches both sides and closes it (§7.2)',
  async (_, choice, title) => {
    const [pair, other] = await open('ask')
    if (!pair || !other) throw new Error('The firm has too few contacts.')
    await back.inErp('contact', pair.erpKey, { Title: 'Ours' })
    await back.inCrm('contact', pair.crmId, { Title: 'Theirs' })
    await back.inCrm('contact', other.crmId, { Title: 'Nobody objects' })
    const run = await back.run()
    expect(await titles(pair)).toEqual(['Ours', 'Theirs'])
    expect(await titles(other)).toEqual(['Nobody objects', 'Nobody objects'])
    expect(run.counters.contact).toMatchObject({ conflict: 1, updated: 1 })
    const where = { type: 'contact', erpKey: pair.erpKey } as const
    const row = await database().fieldConflict.findFirst({ where })
    expect(row).toMatchObject({ state: 'open', field: 'Title', erpValue: 'Ours', crmValue: 'Theirs' })
    await expectQuiet()

    const { connectionId } = back.world
    const conflict = await database().fieldConflict.findFirstOrThrow({ where })
    const asked = { connectionId, type: 'contact', erpKey: pair.erpKey, by: 'ann@firm.example' } as const
    const entries = defaultFieldMap.contact
    const version = conflictVersion(conflict)
    expect(await decideConflict({ ...asked, conflictId: conflict.id, version, choice, entries })).toMatchObject({
      ok: true,
    })
    const carriedOut = await back.run()
    expect(await titles(pair)).toEqual([title, title])
    expect(carriedOut.counters.contact).toMatchObject({ updated: 1, conflict: 0 })
    expect(await database().fieldConflict.findMany({ where })).toMatchObject([{ state: 'closed' }])
    await expectQuiet()
  },
)

test('an edit in the ERP between our read and our write is met by the rules, not overwritten (§7.2)', async () => {
  const [pair] = await open('ask')
  if (!pair) throw new Error('The firm has no contacts.')
  await back.inCrm('contact', pair.crmId, { Title: 'Theirs', Email: 'theirs@firm.example' })
  let edited = false
  const meanwhile: OpenPorts = async (connectionId) => {
    const ports = await back.world.openPorts(connectionId)
    async function* readCrm(...args: Parameters<typeof ports.crm.readChanged>) {
      yield* ports.crm.readChanged(...args)
      if (args[0] !== 'project' || edited) return
      // Both systems have been read; now somebody edits the ERP.
      edited = true
      await back.inErp('contact', pair?.erpKey ?? '', { Title: 'Ours' })
    }
    return { ...ports, crm: { ...ports.crm, readChanged: readCrm } }
  }
  const run = await back.world.run({ allBatches: true }, meanwhile)
  expect(edited).toBe(true)
  expect(await titles(pair)).toEqual(['Ours', 'Theirs'])
  expect((await back.erp('contact', pair.erpKey)).fields.Email).toBe('theirs@firm.example')
  expect(run.counters.contact).toMatchObject({ conflict: 1 })
  expect(await database().fieldConflict.findMany({ where: { state: 'open' } })).toMatchObject([
    { erpKey: pair.erpKey, erpValue: 'Ours', crmValue: 'Theirs' },
  ])
  await expectQuiet()
})
