/**
 * Runs `work` on every item, at most `width` ahead of the reader, and yields the results in the order of the items.
 * The first failure ends the iteration; what was already under way is left to finish unheard.
 */
export async function* inOrder<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const ahead: Promise<R>[] = []
  let next = 0
  const fill = () => {
    for (let item = items[next]; item !== undefined && ahead.length < width; item = items[next]) {
      next += 1
      const running = work(item)
      running.catch(() => {})
      ahead.push(running)
    }
  }
  fill()
  for (let first = ahead.shift(); first; first = ahead.shift()) {
    const result = await first
    fill()
    yield result
  }
}

export async function allInOrder<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  return Array.fromAsync(inOrder(items, width, work))
}

/** Consecutive pieces of at most `size` items. */
export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
