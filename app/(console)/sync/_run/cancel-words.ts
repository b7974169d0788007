import type { RunKind } from '#lib/store/runs'

/** What cancelling does and does not do (sync-rules §10.5). */
export function cancelWords(kind: RunKind): { readonly verb: string; question: string; explanation: string } {
  if (kind === 'undo') {
    return {
      verb: 'Cancel undo',
      question: 'Cancel this undo?',
      explanation:
        'The undo stops at its next record. What was put back until then stays so and is in the log; undo the run again to go on with the rest.',
    }
  }
  if (kind === 'preview' || kind === 'reconcile') {
    const what = kind === 'preview' ? 'preview' : 'comparison'
    return {
      verb: `Cancel ${what}`,
      question: `Cancel this ${what}?`,
      explanation: 'Nothing has been changed in either system. What was found until then is not kept.',
    }
  }
  return {
    verb: 'Cancel sync',
    question: 'Cancel this sync?',
    explanation:
      'The sync stops at its next record. What was sent until then stays in place and in the log; the rest is due again in the next sync.',
  }
}
