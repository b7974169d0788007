import type { RunContext } from '#lib/engine/context'
import { openSelection } from '#lib/engine/selection'
import { database, outsideRehearsal } from '#lib/store/database'
import type { Erp } from '#lib/sync/ports'

/**
 * A run's context for a rehearsal: everything is decided and stored by the very code of a run, in a transaction that is
 * undone in the end (`rehearse` of the store), and neither system can be called. What was done is seen in the counters
 * and items; checkpoints are kept in memory and are gone with it.
 */
export function rehearsalContext(outer: RunContext): RunContext {
  const { run, ports, names, description, types, signal } = outer
  const counters = structuredClone(outer.counters)
  let checkpoint = run.checkpoint
  const context: RunContext = {
    run,
    ports: { ...ports, erp: withoutCalls(ports.erp), crm: withoutCalls(ports.crm) },
    names,
    description,
    types,
    signal,
    counters,
    isRehearsal: true,
    ...openSelection(run.scope),
    async commit(work, change = {}) {
      const result = await database().$transaction(work)
      if (change.checkpoint) checkpoint = change.checkpoint
      return result
    },
    log: async () => undefined,
    report: (label, doneSoFar, of) => outsideRehearsal(() => outer.report(label, doneSoFar, of)),
    isDone: (step) => checkpoint.done.includes(step),
    withDone: (step, first) => ({
      checkpoint: {
        done: [...checkpoint.done, step],
        firstTime: first ? { ...checkpoint.firstTime, [first.type]: first.value } : checkpoint.firstTime,
        place: null,
      },
    }),
    firstTime: (type) => checkpoint.firstTime[type] === true,
    place: () => checkpoint.place,
    withPlace: (place) => ({ checkpoint: { ...checkpoint, place } }),
    stopIfAsked: outer.stopIfAsked,
    assertHeld: outer.assertHeld,
    beat: outer.beat,
  }
  return context
}

/** What a port knows without a call. */
const FACTS: readonly PropertyKey[] = ['fields'] satisfies readonly (keyof Erp)[]

/** The port with its name and facts, and every call refused: a rehearsal that needed one would be a defect. */
function withoutCalls<P extends object>(port: P): P {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function' || FACTS.includes(name)) return member
      return () => {
        throw new Error(`A rehearsal must not call the port: ${String(name)}.`)
      }
    },
  })
}
