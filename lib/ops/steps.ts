/** What `npm start` tells while it works: a line for each step, with the time it took. */
export type Steps = {
  /** Does a step and tells what came of it; `tell` announces something slow before it is done. */
  run<T>(name: string, work: (tell: (text: string) => void) => Promise<T>, detail?: (answer: T) => string): Promise<T>
  say(line: string): void
}

const NAME_WIDTH = 12

export function createSteps(write: (line: string) => void, now: () => number): Steps {
  const line = (name: string, text: string) => write(`  ${name.padEnd(NAME_WIDTH)}${text}`)
  return {
    say: write,
    run: async (name, work, detail) => {
      const from = now()
      const answer = await work((text) => line(name, text))
      line(name, `${detail?.(answer) ?? 'ready'} (${((now() - from) / 1000).toFixed(1)} s)`)
      return answer
    },
  }
}
