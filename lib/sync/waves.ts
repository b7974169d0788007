import { compareErpKeys } from './keys.ts'

/**
 * In which wave each new record is created, so that the record it refers to exists already (fields.md, Supervisor).
 * A record whose superior is not among the new ones is in wave 1. A circle is broken at its smallest key: the
 * reference left out there heals in the next run. Linear in the number of records.
 */
export function supervisorWaves(
  records: readonly { readonly key: string; readonly supervisorKey: string | null }[],
): ReadonlyMap<string, number> {
  const superior = new Map(records.map((record) => [record.key, record.supervisorKey]))
  const waves = new Map<string, number>()
  const keys = [...superior.keys()].sort(compareErpKeys)
  for (const key of keys) {
    const chain: string[] = []
    const visited = new Set<string>()
    let at: string | null = key
    while (at !== null && superior.has(at) && !waves.has(at) && !visited.has(at)) {
      chain.push(at)
      visited.add(at)
      at = superior.get(at) ?? null
    }
    let wave = at === null || visited.has(at) ? 0 : (waves.get(at) ?? 0)
    for (const member of chain.reverse()) {
      wave += 1
      waves.set(member, wave)
    }
  }
  return waves
}
