/**
 * Which records hang together through possible pairs: connected components of the graph whose edges are "same name and
 * not ruled out by a person". Indexes stand for records, so that the caller's order is the only order.
 */

/** All records of one name, by index of either side. Every pair across is possible unless ruled out. */
export interface NameBucket {
  readonly erp: readonly number[]
  readonly crm: readonly number[]
}

/** For each ERP index, the CRM indexes it must not be paired with. */
export type RuledOut = ReadonlyMap<number, ReadonlySet<number>>

/**
 * Groups of records connected by at least one possible pair, each side ascending, groups by their first ERP index.
 * A record may stand in several buckets (a CRM project has two names); that joins their groups.
 */
export function connectBuckets(
  buckets: readonly NameBucket[],
  ruledOut: RuledOut,
  erpCount: number,
  crmCount: number,
): NameBucket[] {
  const parent = Array.from({ length: erpCount + crmCount }, (_, index) => index)
  const connected = new Uint8Array(erpCount + crmCount)
  for (const bucket of buckets) {
    for (const [erp, crm] of spanningPairs(bucket, ruledOut)) {
      connected[erp] = 1
      connected[erpCount + crm] = 1
      parent[findRoot(parent, erpCount + crm)] = findRoot(parent, erp)
    }
  }
  const groups = new Map<number, { erp: number[]; crm: number[] }>()
  for (let node = 0; node < parent.length; node += 1) {
    if (connected[node] === 0) continue
    const root = findRoot(parent, node)
    const group = groups.get(root) ?? { erp: [], crm: [] }
    groups.set(root, group)
    if (node < erpCount) group.erp.push(node)
    else group.crm.push(node - erpCount)
  }
  return [...groups.values()]
}

/**
 * Enough possible pairs of a bucket to connect what all of them connect. Walks breadth first over what is not yet
 * reached: each step either reaches a record or meets a ruled-out pair, so the time is bucket size plus ruled-out pairs.
 */
function* spanningPairs(bucket: NameBucket, ruledOut: RuledOut): Generator<readonly [number, number]> {
  let restErp = [...bucket.erp]
  let restCrm = [...bucket.crm]
  for (;;) {
    const start = restErp.pop()
    if (start === undefined) return
    const reachedErp = [start]
    const reachedCrm: number[] = []
    while (reachedErp.length > 0 || reachedCrm.length > 0) {
      const erp = reachedErp.pop()
      if (erp !== undefined) {
        const [open, closed] = partition(restCrm, (crm) => !ruledOut.get(erp)?.has(crm))
        restCrm = closed
        for (const crm of open) {
          reachedCrm.push(crm)
          yield [erp, crm]
        }
        continue
      }
      const crm = reachedCrm.pop()
      if (crm === undefined) break
      const [open, closed] = partition(restErp, (other) => !ruledOut.get(other)?.has(crm))
      restErp = closed
      for (const other of open) {
        reachedErp.push(other)
        yield [other, crm]
      }
    }
  }
}

function partition(nodes: readonly number[], isOpen: (node: number) => boolean): [number[], number[]] {
  const open: number[] = []
  const closed: number[] = []
  for (const node of nodes) (isOpen(node) ? open : closed).push(node)
  return [open, closed]
}

/** Root of a node, halving the path on the way. */
function findRoot(parent: number[], node: number): number {
  let current = node
  for (;;) {
    const above = parent[current] ?? current
    if (above === current) return current
    const grand = parent[above] ?? above
    parent[current] = grand
    current = grand
  }
}
