/**
 * Runs `work` over `items` in order with at most `concurrency` at a time. The first rejection stops further starts;
 * what is under way is awaited before that rejection is passed on, so that no work goes on behind the caller's back.
 */
export async function forEachConcurrently<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  let next = 0

  async function worker(): Promise<void> {
    while (failures.length === 0 && next < items.length) {
      const item = items[next] as T
      next += 1
      try {
        await work(item)
      } catch (error) {
        failures.push(error)
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}
