/** What `npm start` tells while it works: a line for each step, with the time it took. */
export type Steps = {
  /** A step that may take a while says so first. */
  run<T>(name: string, work: () => Promise<T>, options?: { slow?: string; detail?: (answer: T) => string }): Promise<T>
  say(line: string): void
}

const NAME_WIDTH = 12

export function createSteps(write: (line: string) => void, now: () => number): Steps {
  const line = (name: string, text: string) => write(`  ${name.padEnd(NAME_WIDTH)}${text}`)
  return {
    say: write,
    run: async (name, work, options = {}) => {
      const from = now()
      if (options.slow) line(name, options.slow)
      const answer = await work()
      const seconds = ((now() - from) / 1000).toFixed(1)
      const detail = options.detail?.(answer) ?? 'ready'
      line(name, `${detail} (${seconds} s)`)
      return answer
    },
  }
}
