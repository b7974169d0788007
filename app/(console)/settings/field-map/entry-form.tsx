'use client'

import { FlaskConical } from 'lucide-react'
import { type ReactNode, useActionState, useEffect, useRef } from 'react'
import type { SeenValue } from '#lib/store/views-field-map'
import type { CodeEntry } from '#lib/sync/ports'
import { ErrorNote, Note } from '../../../_ui/error-note.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import { entryAction } from './actions.ts'
import { type EntryChoices, EntryFields } from './entry-fields.tsx'
import { type EntryState, UNTOUCHED, type ValueRow } from './state.ts'
import { TrialPanel, type TrialPanelProps } from './trial-panel.tsx'

export interface EntryFormProps {
  type: string
  version: string
  /** CRM field of the entry; empty for a new one. */
  field: string
  /** What the fields begin with. */
  start: Readonly<Record<string, string>>
  rows: readonly ValueRow[]
  seen: readonly SeenValue[]
  known: readonly CodeEntry[] | null
  choices: EntryChoices
  /** What may be changed about it: everything, its name and where it goes, or its name alone. */
  open: 'all' | 'target' | 'label'
  record: TrialPanelProps['record']
  trial: TrialPanelProps['trial']
  backHref: string
  /** Stands below the form. */
  children?: ReactNode
}

/** One entry of the field map: where the value comes from, where it goes, who owns it, how it is sent. */
export function EntryForm(props: EntryFormProps) {
  const { type, version, field, record, choices, backHref } = props
  const [state, send] = useActionState<EntryState, FormData>(entryAction, UNTOUCHED)
  const form = useRef<HTMLFormElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const { answer, trial } = state
  useEffect(() => {
    if (answer > 0) showAnswer(form.current, trial ? panel.current : null)
  }, [answer, trial])
  return (
    <div className="grid items-start gap-x-8 gap-y-5 lg:grid-cols-[minmax(0,640px)_minmax(248px,360px)]">
      <form ref={form} action={send} noValidate className="min-w-0 rounded-card border border-line bg-surface">
        <input type="hidden" name="type" value={type} />
        <input type="hidden" name="version" value={version} />
        <input type="hidden" name="field" value={field} />
        <input type="hidden" name="record" value={record?.key ?? ''} />
        <div className="flex flex-col gap-6 px-4 py-5 sm:px-5">
          {state.error ? <ErrorNote title={state.error} /> : null}
          {state.warnings.length > 0 ? <Note tone="warn" title={state.warnings.join(' ')} /> : null}
          <EntryFields key={state.answer} {...props} state={state} />
        </div>
        <div className="flex flex-wrap items-center justify-between gap-3 rounded-b-card border-t border-line bg-canvas/60 px-4 py-3 sm:px-5">
          <LinkButton href={backHref} variant="quiet">
            Back to the map
          </LinkButton>
          <div className="flex flex-wrap gap-2">
            {record ? (
              <SubmitButton name="intent" value="try" variant="secondary" icon={FlaskConical}>
                Try on this record
              </SubmitButton>
            ) : null}
            <SubmitButton name="intent" value="save">
              {field === '' ? 'Add entry' : 'Save entry'}
            </SubmitButton>
          </div>
        </div>
      </form>
      <div ref={panel} className="scroll-m-20 lg:sticky lg:top-7 lg:row-span-2">
        <TrialPanel
          trial={state.trial ?? props.trial}
          names={choices.names}
          record={record}
          isFresh={state.trial !== null}
        />
      </div>
      {props.children}
    </div>
  )
}

/** Brings what the answer is about into sight: the first complaint, else what the entry did to the record. */
function showAnswer(form: HTMLElement | null, panel: HTMLElement | null): void {
  const complaint = form?.querySelector('[aria-invalid="true"], [role="alert"]')
  const target = complaint ?? panel
  target?.scrollIntoView({ block: complaint ? 'center' : 'nearest' })
  if (complaint instanceof HTMLInputElement) complaint.focus({ preventScroll: true })
}
