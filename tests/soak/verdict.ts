import type { SandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { addsUp, type OutcomeCounts } from '#lib/sync/outcome'
import type { Added } from './workload.ts'

/** What is left to say when everything has come to rest. */
export interface Verdict {
  readonly creates: number
  /** Records that exist twice on either side. */
  readonly duplicates: readonly string[]
  /** Records that were added and have no living pair, or whose partner is not there. */
  readonly lost: readonly string[]
  /** Runs whose counters do not say the same as their records. */
  readonly wrongCounters: readonly string[]
  readonly runs: number
}

const HUBS = { employee: 'employee', client: 'firm', contact: 'contact', project: 'project' } as const

const TYPES = ['employee', 'client', 'contact', 'project'] as const
type Made = Readonly<Record<(typeof TYPES)[number], { readonly inCrm: number; readonly inErp: number }>>

/** Records that came into either system through its API, by type. */
export async function countMade(control: SandboxControl): Promise<Made> {
  const [crm, erp] = [await control.snapshot('crm'), await control.snapshot('erp')]
  const of = (type: (typeof TYPES)[number]) => [
    type,
    { inCrm: crm.counts[HUBS[type]]?.api ?? 0, inErp: erp.counts[type]?.api ?? 0 },
  ]
  return Object.fromEntries(TYPES.map(of))
}

export async function judge(control: SandboxControl, added: Added, before: Made): Promise<Verdict> {
  const [crm, erp] = [await control.snapshot('crm'), await control.snapshot('erp')]
  const made = await countMade(control)
  const duplicates = [...crm.duplicates]
  for (const type of TYPES) {
    const sides = [
      ['the CRM', made[type].inCrm - before[type].inCrm, added.erp] as const,
      ['the ERP', made[type].inErp - before[type].inErp, added.crm] as const,
    ]
    for (const [side, came, wanted] of sides) {
      const tooMany = came - wanted.filter((one) => one.type === type).length
      if (tooMany > 0) duplicates.push(`${tooMany} of type ${type} too many in ${side}`)
    }
  }
  return {
    creates: added.erp.length + added.crm.length,
    duplicates,
    lost: await findLost(added, { crm: crm.records.join('\n'), erp: erp.records.join('\n') }),
    ...(await judgeRuns()),
  }
}

async function findLost(added: Added, there: { readonly crm: string; readonly erp: string }): Promise<string[]> {
  const pairs = await database().crmMapping.findMany({
    where: { removedAt: null },
    select: { type: true, erpKey: true, erpName: true, crmName: true },
  })
  const byKey = new Map(pairs.map((pair) => [`${pair.type} ${pair.erpKey}`, pair]))
  const byName = new Set(pairs.map((pair) => `${pair.type} ${pair.crmName}`))
  const inErp = added.erp.filter(({ type, key }) => {
    const pair = byKey.get(`${type} ${key}`)
    const lastWord = pair?.erpName.split(' ').at(-1)
    return !pair || !there.crm.includes(` ${lastWord}`)
  })
  const inCrm = added.crm.filter(({ type, name }) => {
    const whole = type === 'contact' ? `Ada ${name}` : name
    return !byName.has(`${type} ${whole}`) || !there.erp.includes(name)
  })
  return [...inErp.map(({ type, key }) => `${type} ${key}`), ...inCrm.map(({ type, name }) => `${type} ${name}`)]
}

async function judgeRuns(): Promise<Pick<Verdict, 'runs' | 'wrongCounters'>> {
  const runs = await database().syncRun.findMany({ select: { id: true, counters: true } })
  const wrongCounters = runs.flatMap(({ id, counters }) => {
    const byType = counters as unknown as Readonly<Record<string, OutcomeCounts>>
    return Object.entries(byType).flatMap(([type, counts]) => (addsUp(counts) ? [] : [`${id} ${type}`]))
  })
  return { runs: runs.length, wrongCounters }
}
