import type { AjeraWire, Wire } from './sandbox-clients.ts'

/**
 * Name matching as sync-rules §4 describes it, written once more and as plainly as possible, over what both sandbox
 * systems answer. It shares no code with `lib/sync`, so that the firm's counts do not depend on the rules under test.
 */
export interface NaiveMatch {
  readonly erp: Wire
  readonly crm: Wire | null
  readonly verdict: 'pair' | 'ambiguous' | 'none'
}

export function plainName(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ')
}

export function pairUp(
  erp: readonly Wire[],
  crm: readonly Wire[],
  equal: { erpName: (row: Wire) => string; crmName: (row: Wire, erpName: string) => string },
): NaiveMatch[] {
  const fold = (text: string): string => plainName(text).toLowerCase()
  const namesakes = new Map<string, number>()
  for (const row of erp) namesakes.set(fold(equal.erpName(row)), (namesakes.get(fold(equal.erpName(row))) ?? 0) + 1)
  const [short, long] = [new Map<string, Wire[]>(), new Map<string, Wire[]>()]
  for (const row of crm) {
    for (const [map, probe] of [
      [short, 'x'],
      [long, 'x'.repeat(41)],
    ] as const) {
      const name = fold(equal.crmName(row, probe))
      map.set(name, [...(map.get(name) ?? []), row])
    }
  }
  return erp.map((row) => {
    const name = plainName(equal.erpName(row))
    const found = ([...name].length > 40 ? long : short).get(name.toLowerCase()) ?? []
    if (found.length === 0) return { erp: row, crm: null, verdict: 'none' }
    const alone = found.length === 1 && namesakes.get(name.toLowerCase()) === 1
    return alone ? { erp: row, crm: found[0], verdict: 'pair' } : { erp: row, crm: null, verdict: 'ambiguous' }
  })
}

export const personName = (row: Wire): string =>
  [row.FirstName, row.MiddleName, row.LastName].filter((part: string) => part.trim() !== '').join(' ')

export const projectNames = {
  erpName: (row: Wire): string => row.Description,
  crmName: (row: Wire, erpName: string): string => ([...erpName].length > 40 ? row.LongName : row.Name),
}
export const clientNames = { erpName: (row: Wire): string => row.Description, crmName: (row: Wire): string => row.Name }
export const vendorNames = { erpName: (row: Wire): string => row.Name, crmName: (row: Wire): string => row.Name }
export const personNames = { erpName: personName, crmName: personName }

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size))

/** Every record of a type in full, active or not. */
export async function readAllErp(
  ajera: AjeraWire,
  word: 'Client' | 'Contact' | 'Employee' | 'Project' | 'Vendor',
): Promise<Wire[]> {
  const plural = `${word}s`
  const version = word === 'Project' ? 2 : 1
  const filter = word === 'Project' ? {} : { FilterByStatus: ['Active', 'Inactive'] }
  const listed: Wire[] = (await ajera.call(version, `List${plural}`, filter)).Content[plural]
  const keys = listed.map((row) => row[`${word}Key`])
  const rows: Wire[] = []
  for (const chunk of chunks(keys, 50)) {
    const { Content } = await ajera.call(version, `Get${plural}`, { [`Requested${plural}`]: chunk })
    for (const row of Content[plural]) {
      const group = Content.InvoiceGroups?.find((one: Wire) => one.ProjectKey === row.ProjectKey)
      rows.push(group ? { ...row, ClientKey: group.ClientKey } : row)
    }
  }
  return rows
}

export async function readAllTotals(ajera: AjeraWire, keys: readonly number[]): Promise<Map<number, Wire>> {
  const totals = new Map<number, Wire>()
  for (const chunk of chunks(keys, 16)) {
    await Promise.all(
      chunk.map(async (key) => {
        const { Content } = await ajera.call(1, 'GetProjectTotals', { RequestedProjectTotals: key })
        if (Content.ProjectTotals[0]) totals.set(key, Content.ProjectTotals[0])
      }),
    )
  }
  return totals
}
