import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { RecordType } from '#lib/sync/records'
import { openInStep, type Pair, type WayBack } from '../support/way-back.ts'

/** Two people who keep editing the same records, one in each system (issue 3, "Done when"). */

let back: WayBack
afterEach(() => back.world.close())

type Edited = 'client' | 'contact' | 'project'

/** A shared field of each type by its two names, and one that the ERP owns. */
const SHARED: Readonly<Record<Edited, readonly [erp: string, crm: string][]>> = {
  client: [
    ['Email', 'PrimaryEmail'],
    ['Notes', 'Memo'],
  ],
  contact: [
    ['Title', 'Title'],
    ['Notes', 'Memo'],
    ['SecondaryPhoneNumber', 'CellPhone'],
  ],
  project: [['Notes', 'Memo']],
}

interface Edit {
  readonly side: 'erp' | 'crm'
  readonly type: Edited
  readonly record: number
  readonly field: number
  readonly value: string
}

const edit = fc.record<Edit>({
  side: fc.constantFrom('erp', 'crm'),
  type: fc.constantFrom<Edited[]>('client', 'contact', 'project'),
  record: fc.nat(5),
  field: fc.nat(2),
  value: fc.constantFrom('', 'one', 'two', 'three  words', 'line\nline', ' padded '),
})

/** Ten rounds, each of some edits on both sides, with a run after some of them. */
const story = fc.array(fc.record({ edits: fc.array(edit, { minLength: 2, maxLength: 8 }), run: fc.boolean() }), {
  minLength: 10,
  maxLength: 10,
})

async function carryOut(edits: readonly Edit[], pairs: Readonly<Record<Edited, readonly Pair[]>>): Promise<void> {
  for (const { side, type, record, field, value } of edits) {
    const pair = pairs[type][record % pairs[type].length]
    const [erpField, crmField] = SHARED[type][field % SHARED[type].length] ?? ['', '']
    const text = crmField === 'Memo' ? value : value.replaceAll('\n', ' ')
    if (!pair) continue
    if (side === 'erp') await back.inErp(type, pair.erpKey, { [erpField]: text })
    else await back.inCrm(type, pair.crmId, { [crmField]: text })
  }
}

async function sharedFields(type: Edited, { erpKey, crmId }: Pair): Promise<[unknown[], unknown[]]> {
  const [erp, crm] = [await back.erp(type, erpKey), await back.crm(type, crmId)]
  const tidy = (value: string | null | undefined) => (value ?? '').trim().replace(/\r\n/g, '\n').replace(/ +/g, ' ')
  return [SHARED[type].map(([name]) => tidy(erp.fields[name])), SHARED[type].map(([, name]) => tidy(crm.fields[name]))]
}

test('ten rounds of edits on both sides converge: both agree on every shared field, and a quiet run writes nothing (§7.2, §7.3)', async () => {
  back = await openInStep()
  const types: readonly Edited[] = ['client', 'contact', 'project']
  const pairs = Object.fromEntries(
    await Promise.all(types.map(async (type) => [type, (await back.pairs(type)).slice(0, 6)] as const)),
  ) as Record<Edited, Pair[]>
  const owned = async (type: RecordType) =>
    Promise.all(pairs.contact.map(async ({ erpKey }) => (await back.erp(type, erpKey)).fields.LastName))
  const before = await owned('contact')

  await fc.assert(
    fc.asyncProperty(story, async (rounds) => {
      for (const { edits, run } of rounds) {
        await carryOut(edits, pairs)
        if (run) await back.run()
      }
      await back.run()
      await back.run()
      await back.writes()
      await back.run()
      expect(await back.writes()).toEqual({ erp: [], crm: [] })
      for (const type of types) {
        for (const pair of pairs[type]) {
          const [erp, crm] = await sharedFields(type, pair)
          expect([type, pair.erpKey, crm]).toEqual([type, pair.erpKey, erp])
        }
      }
    }),
    { numRuns: 3, endOnFailure: true },
  )
  expect(await owned('contact')).toEqual(before)
}, 600_000)
