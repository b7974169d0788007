import { afterEach, expect, test } from 'vitest'
import type { FieldOwner } from '#lib/sync/field-map'
import { openInStep, type Pair, type WayBack } from '../support/way-back.ts'

/** Issue 3, "Done when": two people edit the same two hundred records in turn, one in each system. */
const TYPES = ['client', 'contact', 'project'] as const
type Edited = (typeof TYPES)[number]

/** A field that both may change, by its two names. */
const SHARED: Readonly<Record<Edited, readonly [erp: string, crm: string]>> = {
  client: ['Email', 'PrimaryEmail'],
  contact: ['Title', 'Title'],
  project: ['Notes', 'Memo'],
}
const COUNTS: Readonly<Record<Edited, number>> = { client: 30, contact: 90, project: 80 }
const ROUNDS = 10

let back: WayBack
afterEach(() => back.world.close())

/** What every edited record holds in the fields that belong to one side, read from that side. */
async function owned(side: 'erp' | 'crm', pairs: Readonly<Record<Edited, readonly Pair[]>>): Promise<string[]> {
  const ports = await back.world.openPorts(back.world.connectionId)
  const owners: readonly FieldOwner[] = side === 'erp' ? ['erp'] : ['crm']
  const lines: string[] = []
  for (const type of TYPES) {
    const entries = ports.fieldMap[type].filter(({ owner }) => owners.includes(owner))
    const ids = pairs[type].map((pair) => (side === 'erp' ? pair.erpKey : pair.crmId))
    for (const record of await ports[side].read(type, ids)) {
      const key = 'key' in record ? record.key : record.id
      lines.push(`${type} ${key} ${JSON.stringify(entries.map((entry) => record.fields[entry[side]] ?? null))}`)
    }
  }
  await ports.close()
  return lines.toSorted()
}

async function shared(side: 'erp' | 'crm', type: Edited, pairs: readonly Pair[]): Promise<Map<string, string>> {
  const ports = await back.world.openPorts(back.world.connectionId)
  const ids = pairs.map((pair) => (side === 'erp' ? pair.erpKey : pair.crmId))
  const records = await ports[side].read(type, ids)
  await ports.close()
  const field = SHARED[type][side === 'erp' ? 0 : 1]
  return new Map(records.map((record) => ['key' in record ? record.key : record.id, record.fields[field] ?? '']))
}

test('ten alternating edits on both sides of 200 records converge, touch nothing that the other side owns, and the third quiet run writes nothing (§7.2, §7.3, §9)', async () => {
  back = await openInStep({ projects: 160, clients: 40, contacts: 110, employees: 10 })
  const found = await Promise.all(TYPES.map(async (type) => (await back.pairs(type)).slice(0, COUNTS[type])))
  const pairs = Object.fromEntries(TYPES.map((type, index) => [type, found[index] ?? []])) as Record<Edited, Pair[]>
  expect(TYPES.reduce((sum, type) => sum + pairs[type].length, 0)).toBe(200)
  const before = { erp: await owned('erp', pairs), crm: await owned('crm', pairs) }

  for (let round = 0; round < ROUNDS; round += 1) {
    for (const type of TYPES) {
      const [erpField, crmField] = SHARED[type]
      for (const [index, { erpKey, crmId }] of pairs[type].entries()) {
        const text = `Round ${round} of ${type} ${index}`
        // Every other record begins with the other side.
        if ((round + index) % 2 === 0) await back.inErp(type, erpKey, { [erpField]: text })
        else await back.inCrm(type, crmId, { [crmField]: text })
      }
    }
    if (round % 3 === 2) await back.run()
  }
  await back.run()
  await back.run()
  await back.writes()
  await back.run()
  expect(await back.writes()).toEqual({ erp: [], crm: [] })

  for (const type of TYPES) {
    const [erp, crm] = [await shared('erp', type, pairs[type]), await shared('crm', type, pairs[type])]
    for (const [index, { erpKey, crmId }] of pairs[type].entries()) {
      const value = erp.get(erpKey)
      expect([type, erpKey, crm.get(crmId)]).toEqual([type, erpKey, value])
      // The last round was the last word of one side; the ERP wins where both had spoken since the last run.
      expect(value).toBe(`Round ${ROUNDS - 1} of ${type} ${index}`)
    }
  }
  expect({ erp: await owned('erp', pairs), crm: await owned('crm', pairs) }).toEqual(before)
}, 240_000)
