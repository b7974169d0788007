import type { Doc } from '../json.ts'
import type { Random } from '../random.ts'

/** Money of a project: contract, budget and the fifteen totals, all with two places. */
export interface Contract {
  readonly total: number
  readonly labor: number
  readonly consultant: number
  readonly expense: number
  readonly construction: number
}

const cents = (amount: number): number => Math.round(amount * 100) / 100

export function makeContract(random: Random): Contract {
  const size = random.pick([8_000, 22_000, 65_000, 180_000, 420_000, 1_350_000])
  const total = cents(size * (0.6 + random.next() * 0.9))
  const consultant = random.chance(0.6) ? cents(total * random.next() * 0.35) : 0
  const expense = cents(total * random.next() * 0.06)
  const labor = cents(total - consultant - expense)
  const construction = random.chance(0.7) ? Math.round((total / 0.08) * (0.8 + random.next() * 0.4)) : 0
  return { total, labor, consultant, expense, construction }
}

/** Totals at a degree of completion between 0 and 1, by canonical name. */
export function makeTotals(random: Random, contract: Contract, done: number): Doc {
  const parts: readonly (readonly [string, number])[] = [
    ['Labor', contract.labor],
    ['Reimbursable', contract.expense],
    ['Consultant', contract.consultant],
  ]
  const doc: Doc = { Hours: cents((contract.labor * done) / 132) }
  for (const [name, amount] of parts) {
    const spent = cents(amount * done * (0.9 + random.next() * 0.2))
    const billed = cents(spent * (0.55 + random.next() * 0.4))
    doc[`Spent${name}`] = spent
    doc[`Cost${name}`] = cents(spent * (name === 'Labor' ? 0.41 : 0.91))
    doc[`Billed${name}`] = billed
    doc[`WIP${name}`] = cents(spent - billed)
    doc[`Received${name}`] = cents(billed * (0.7 + random.next() * 0.3))
  }
  return doc
}

/** One more stretch of work: time and costs are spent, some of it billed and paid. */
export function movedTotals(random: Random, totals: Doc): Doc {
  const next: Doc = { ...totals, Hours: cents(Number(totals.Hours ?? 0) + random.int(4, 60) / 2) }
  const spend = random.int(12_000, 940_000) / 100
  const add = (name: string, amount: number): void => {
    next[name] = cents(Number(next[name] ?? 0) + amount)
  }
  add('SpentLabor', spend)
  add('CostLabor', spend * 0.41)
  if (random.chance(0.4)) {
    const billed = cents(Number(next.WIPLabor ?? 0) + spend)
    add('BilledLabor', billed)
    next.WIPLabor = 0
  } else add('WIPLabor', spend)
  if (random.chance(0.3)) next.ReceivedLabor = next.BilledLabor ?? 0
  if (random.chance(0.2)) add('SpentReimbursable', random.int(900, 40_000) / 100)
  return next
}
