import { Check } from 'lucide-react'
import { Status } from '../../../_ui/status.tsx'
import type { ShownValue, TrialView } from './trial-view.ts'

export interface TrialPanelProps {
  trial: TrialView | null
  names: { readonly erp: string; readonly crm: string }
  /** The record, or `null` when nothing is paired yet. */
  record: { readonly name: string; readonly key: string; readonly id: string } | null
  /** Read from both systems a moment ago; else as the last run left it. */
  isFresh: boolean
}

/** One entry on a real record: what the ERP holds, what would be sent, what the CRM holds. */
export function TrialPanel({ trial, names, record, isFresh }: TrialPanelProps) {
  return (
    <section aria-labelledby="trial-title" className="min-w-0 rounded-card border border-line bg-surface px-4 py-4">
      <h2 id="trial-title" className="text-base">
        On a real record
      </h2>
      {record === null ? (
        <p className="pt-1 text-sm text-ink-muted text-pretty">
          Nothing of this kind is paired yet. After the first sync, its values stand here.
        </p>
      ) : (
        <>
          <p className="pt-1 text-sm wrap-anywhere">
            {record.name} <span className="font-mono text-xs text-ink-muted">{record.key}</span>
          </p>
          {trial ? (
            <dl className="flex flex-col gap-3 pt-4">
              <Line label={`${names.erp} holds`} value={trial.erp} />
              <Line label="Would be sent" value={trial.sent} isSame={trial.isSame} />
              <Line label={`${names.crm} holds`} value={trial.crm} />
            </dl>
          ) : null}
          <p role="status" className="sr-only">
            {isFresh ? 'Tried on the record.' : ''}
          </p>
          {trial?.note ? (
            <p className="pt-3 text-sm text-pretty">
              {trial.note.tone === 'warn' ? <Status tone="warn">{trial.note.text}</Status> : trial.note.text}
            </p>
          ) : null}
          <p className="pt-4 text-sm text-ink-muted text-pretty">
            {isFresh
              ? 'As both systems hold it now.'
              : `${trial ? 'As the last run left it. ' : ''}Trying reads both systems and shows what the entry would do; it saves and writes nothing.`}
          </p>
        </>
      )}
    </section>
  )
}

function Line({ label, value, isSame = false }: { label: string; value: ShownValue; isSame?: boolean }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-muted">{label}</dt>
      <dd className="tabular flex items-baseline gap-1.5 wrap-anywhere">
        <Value value={value} />
        {isSame ? (
          <>
            <Check aria-hidden size={13} className="shrink-0 self-center text-ok" />
            <span className="sr-only">, which it holds already</span>
          </>
        ) : null}
      </dd>
    </div>
  )
}

/** A value in a line or a cell. */
export function Value({ value }: { value: ShownValue }) {
  if (value.kind === 'unread') return <span className="text-ink-faint">–</span>
  if (value.kind === 'empty') return <span className="text-ink-faint">empty</span>
  return value.name === null ? (
    <span>{value.text}</span>
  ) : (
    <span>
      {value.name} <span className="font-mono text-xs text-ink-muted">{value.text}</span>
    </span>
  )
}
