/** A seeded source of choices: the same seed makes the same firm and the same probabilistic faults. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** Integer in [from, to], both included. */
  int(from: number, to: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** Lower-case hexadecimal digits. */
  hex(length: number): string
  shuffled<T>(list: readonly T[]): T[]
}

/** mulberry32: small, fast and good enough to shuffle names; not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick<T>(list: readonly T[]): T {
      const value = list[int(0, list.length - 1)]
      if (value === undefined) throw new Error('Cannot pick from an empty list.')
      return value
    },
    hex: (length) => Array.from({ length }, () => int(0, 15).toString(16)).join(''),
    shuffled<T>(list: readonly T[]): T[] {
      const copy = [...list]
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(0, i)
        const [a, b] = [copy[i], copy[j]]
        if (a !== undefined && b !== undefined) {
          copy[i] = b
          copy[j] = a
        }
      }
      return copy
    },
  }
}
