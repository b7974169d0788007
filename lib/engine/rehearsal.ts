import type { RunContext } from '#lib/engine/context'
import { database, outsideRehearsal } from '#lib/store/database'

/**
 * A run's context for a rehearsal: everything is decided and stored by the very code of a run, in a transaction that is
 * undone in the end (`rehearse` of the store), and neither system can be called. What was done is seen in the counters
 * and items; checkpoints are kept in memory and are gone with it.
 */
export function rehearsalContext(outer: RunContext): RunContext {
  const { run, ports, names, description, types, signal } = outer
  const counters = structuredClone(outer.counters)
  let done: readonly string[] = run.checkpoint.done
  let firstTime = run.checkpoint.firstTime
  const context: RunContext = {
    run,
    ports: { ...ports, erp: withoutCalls(ports.erp), crm: withoutCalls(ports.crm) },
    names,
    description,
    types,
    signal,
    counters,
    isRehearsal: true,
    async commit(work, change = {}) {
      const result = await database().$transaction(work)
      if (change.checkpoint) ({ done, firstTime } = change.checkpoint)
      return result
    },
    log: async () => undefined,
    report: (label, doneSoFar, of) => outsideRehearsal(() => outer.report(label, doneSoFar, of)),
    isDone: (step) => done.includes(step),
    withDone: (step, first) => ({
      checkpoint: {
        done: [...done, step],
        firstTime: first ? { ...firstTime, [first.type]: first.value } : firstTime,
      },
    }),
    firstTime: (type) => firstTime[type] === true,
    stopIfAsked: outer.stopIfAsked,
  }
  return context
}

/** The port with its name and facts, and every call refused: a rehearsal that needed one would be a defect. */
function withoutCalls<P extends object>(port: P): P {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return () => {
        throw new Error(`A rehearsal must not call the port: ${String(name)}.`)
      }
    },
  })
}
