import { afterEach, beforeEach } from 'vitest'

// A test that expects an error line replaces console.error itself; any other error line fails it.
const original = console.error
let seen: unknown[][] = []

beforeEach(() => {
  seen = []
  console.error = (...args: unknown[]) => {
    seen.push(args)
  }
})

afterEach(() => {
  console.error = original
  if (seen.length > 0) throw new Error(`Unexpected console.error: ${seen.map((args) => args.join(' ')).join(' | ')}`)
})
