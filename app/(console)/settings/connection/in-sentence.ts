import { OperatorProblem } from '#lib/ops/operator-problem'

export type Told<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

/** A problem that comes with a sentence for people becomes a value; anything else is a defect and goes on. */
export async function inSentence<T>(work: () => Promise<T>): Promise<Told<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (error instanceof OperatorProblem) return { ok: false, error: error.message }
    throw error
  }
}
