'use client'

import { Eye, RefreshCw } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import type { SyncCounts } from '#lib/store/views-sync-counts'
import type { RunOptions } from '#lib/sync/eligibility'
import { CheckboxRow, ChoiceRows } from '../../_ui/checkbox-row.tsx'
import { SubmitButton } from '../../_ui/submit-button.tsx'
import { counted, type SideNames } from './_run/run-words.ts'
import { planSentences } from './what-it-does.ts'

export interface SyncFormProps {
  names: SideNames
  counts: SyncCounts
  batchSize: number
  /** What the boxes show at first. */
  initial: RunOptions
  /** The next run continues a backlog with the options of the run that left it: only *Keep going* is free. */
  backlogProjects: number | null
  mayRun: boolean
  /** The action that starts the sync. */
  send: (form: FormData) => void
}

const never = () => () => undefined

/** The options of Ajera's own *Synchronize with CRM* page in its words, and the button. Works without JavaScript. */
export function SyncForm({ names, counts, batchSize, initial, backlogProjects, mayRun, send }: SyncFormProps) {
  const [options, setOptions] = useState(initial)
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  const fixed = backlogProjects !== null || !mayRun
  const change = (part: Partial<RunOptions>) => setOptions((before) => ({ ...before, ...part }))
  return (
    <form action={send} className="flex flex-col gap-4">
      {inBrowser ? <input type="hidden" name="attach" value="yes" /> : null}
      <ChoiceRows legend="Options" hideLegend>
        <CheckboxRow
          name="mapUnsynced"
          title={`Map unsynced ${names.erp} projects to existing ${names.crm} projects`}
          help={`Compares ${names.erp} projects that are not set to sync with ${names.crm} by name. A match turns Sync to CRM on and adds the pair.`}
          aside={counts.hasRead ? counted(counts.unmappedOff, 'project') : undefined}
          checked={options.mapUnsynced}
          disabled={fixed}
          onChange={(event) => change({ mapUnsynced: event.target.checked })}
        />
        <NoMatchRows
          names={names}
          value={options.whenNoMatch}
          disabled={fixed || (inBrowser && !options.mapUnsynced)}
          onChange={(whenNoMatch) => change({ whenNoMatch })}
        />
        <CheckboxRow
          name="includeClosed"
          title="Sync closed projects"
          help={`Also sends mapped projects that are closed in ${names.erp} and have changed since they were last sent.`}
          aside={counts.hasRead ? counted(counts.mappedClosed, 'project') : undefined}
          checked={options.includeClosed}
          disabled={fixed}
          onChange={(event) => change({ includeClosed: event.target.checked })}
        />
        <CheckboxRow
          name="allBatches"
          title="Keep going until every batch is synced"
          help={`A run sends at most ${counted(batchSize, 'project')}. With this, it goes on batch after batch until none is left.`}
          checked={options.allBatches}
          disabled={!mayRun}
          onChange={(event) => change({ allBatches: event.target.checked })}
        />
        <CheckboxRow
          name="historicalConsultants"
          title={`Sync historical project consultants to ${names.crm}`}
          help={`Also matches and sends ${names.erp} vendors that are consultants, as vendor-type firms. Once done, they stay in step without it.`}
          checked={options.historicalConsultants === true}
          disabled={fixed}
          onChange={(event) => change({ historicalConsultants: event.target.checked })}
        />
      </ChoiceRows>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 sm:flex-nowrap">
        <div className="max-w-[68ch] text-sm text-ink-muted">
          <p className="font-medium text-ink">What this will do</p>
          {planSentences({ names, counts, batchSize, options, backlogProjects }).map((sentence) => (
            <p key={sentence} className="tabular text-pretty">
              {sentence}
            </p>
          ))}
        </div>
        <div className="flex shrink-0 gap-2">
          <SubmitButton size="large" icon={Eye} variant="secondary" name="preview" value="yes" disabled={!mayRun}>
            Preview
          </SubmitButton>
          <SubmitButton size="large" icon={RefreshCw} name="preview" value="no" disabled={!mayRun}>
            Synchronize
          </SubmitButton>
        </div>
      </div>
      {mayRun ? null : (
        <p className="text-sm text-ink-muted">Your role may look but not start a sync. It needs the role Operator.</p>
      )}
    </form>
  )
}

function NoMatchRows({
  names,
  value,
  disabled,
  onChange,
}: {
  names: SideNames
  value: RunOptions['whenNoMatch']
  disabled: boolean
  onChange: (value: RunOptions['whenNoMatch']) => void
}) {
  const row = { type: 'radio', name: 'whenNoMatch', disabled, className: 'py-1.5! ps-7!' } as const
  return (
    <fieldset className="pb-1.5" disabled={disabled}>
      <legend
        className={`float-start w-full px-4 pt-2.5 pb-0.5 ps-11 text-sm font-medium ${disabled ? 'opacity-60' : ''}`}
      >
        If no {names.crm} project matches
      </legend>
      <div className="clear-both ps-4">
        <CheckboxRow
          {...row}
          id="whenNoMatch-leave"
          value="leave"
          title="Leave it out and log it"
          help="The project stays as it is; the log and the mapping page name it."
          checked={value === 'leave'}
          onChange={() => onChange('leave')}
        />
        <CheckboxRow
          {...row}
          id="whenNoMatch-create"
          value="create"
          title={`Create it in ${names.crm}`}
          help={`The project is created in ${names.crm} with its ${names.erp} number and paired.`}
          checked={value === 'create'}
          onChange={() => onChange('create')}
        />
      </div>
    </fieldset>
  )
}
