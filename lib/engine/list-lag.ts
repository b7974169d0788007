import type { RunContext } from '#lib/engine/context'
import { noteListLag } from '#lib/store/connections'
import type { RecordType } from '#lib/sync/records'

/** So often the CRM is asked, and so long at most. */
const ASK_EVERY_MILLISECONDS = 200
const LONGEST_MILLISECONDS = 30_000

/**
 * Measures, once for a type and run, how long the CRM takes to list a record that it has just created: what the grace
 * period has to exceed, since an unanswered create is looked up in such a list (guide/reliability.md, K2).
 */
export interface LagMeter {
  /** To be called the moment that a create without a key of ours has been answered. */
  begin(type: RecordType, erpKey: string): void
  /** Waits for the measurement, if one is going. */
  done(): Promise<void>
}

export function openLagMeter(context: RunContext): LagMeter {
  let measuring: Promise<void> | null = null
  return {
    begin(type, erpKey) {
      if (context.description.types[type].externalKeyField === null) return
      // A measurement is worth no run: what ails the CRM or the database is met by the calls that matter.
      measuring ??= measure(context, type, erpKey).catch(() => undefined)
    },
    done: async () => {
      await measuring
    },
  }
}

async function measure(context: RunContext, type: RecordType, erpKey: string): Promise<void> {
  const { ports, signal, run } = context
  const begun = performance.now()
  for (let elapsed = 0; elapsed < LONGEST_MILLISECONDS; elapsed = performance.now() - begun) {
    const found = await ports.crm.findByExternalKey(type, erpKey, { signal })
    if (found.length > 0) return noteListLag(run.connectionId, Math.ceil(performance.now() - begun))
    await ports.sleep(ASK_EVERY_MILLISECONDS, signal)
  }
}
