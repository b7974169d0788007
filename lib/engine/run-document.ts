import type { RunView } from '#lib/store/views-runs'
import type { RunOptions } from '#lib/sync/eligibility'
import type { OutcomeCounts } from '#lib/sync/outcome'

/** A run as `sync --json` prints it: names and order of the keys are a contract (product.md §3). */
export interface RunDocument {
  readonly runId: string
  readonly trigger: RunView['trigger']
  /** Of a finished run one of its six endings; of one that is going `queued` or `running`. */
  readonly status: RunView['state']
  /** ISO 8601 UTC; `null` until the run has begun or ended. */
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly options: RunOptions
  readonly batches: {
    /** Projects a batch may hold. */
    readonly size: number
    /** Batches finished in this run (sync-rules §13.12). */
    readonly done: number
    readonly remainingProjects: number
    readonly remainingRuns: number
  }
  /** `vendor` only where consultants take part. */
  readonly outcomes: Readonly<
    Record<'project' | 'client' | 'contact' | 'employee', OutcomeCounts> & { readonly vendor?: OutcomeCounts }
  >
  /** The sentence the run ended with; `null` while it is going. */
  readonly message: string | null
}

/** The document of a run from its row, whoever started it. */
export function runDocument(run: RunView): RunDocument {
  const { size, done, remainingProjects, remainingRuns } = run.batches
  const { project, client, contact, employee, vendor } = run.counts
  return {
    runId: run.id,
    trigger: run.trigger,
    status: run.state,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    options: run.options,
    batches: { size, done, remainingProjects, remainingRuns },
    outcomes: {
      project: inOrder(project),
      client: inOrder(client),
      contact: inOrder(contact),
      employee: inOrder(employee),
      ...(vendor.considered > 0 ? { vendor: inOrder(vendor) } : {}),
    },
    message: run.message,
  }
}

// JSON that the database has kept comes back in an order of its own.
function inOrder(counts: OutcomeCounts): OutcomeCounts {
  const { considered, created, updated, unchanged, mapped, skipped, conflict, failed, notReached } = counts
  return { considered, created, updated, unchanged, mapped, skipped, conflict, failed, notReached }
}
