'use client'

import { Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../_ui/button.tsx'
import { TextField } from '../../../_ui/field.tsx'
import { SelectField } from '../../../_ui/select.tsx'
import { DAY_SETS } from './schedule-words.ts'
import type { ScheduleState } from './state.ts'

interface LineFieldsProps {
  values: ScheduleState['values']
  errors: ScheduleState['fields']
  most: number
  locked: boolean
}

const DAY_OPTIONS = Object.entries(DAY_SETS).map(([value, { label }]) => ({ value, label }))

/** Times of day without a start. One line is always free; one that is emptied is gone when it is saved. */
export function QuietLines({ values, errors, most, locked }: LineFieldsProps) {
  return (
    <Lines
      title="Quiet hours"
      help="Nothing starts in these hours: a start that falls into them is moved to their end. They may go past midnight."
      add="Add quiet hours"
      used={used(values, most, (line) => [`quietFrom${line}`, `quietTo${line}`])}
      most={most}
      locked={locked}
      error={errors.quiet}
    >
      {(line) => (
        <Line
          key={line}
          name={`Quiet hours ${line + 1}`}
          problem={problemId('quiet', line, errors)}
          className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-[132px_132px_minmax(0,1fr)]"
        >
          <TextField name={`quietFrom${line}`} type="time" label="From" defaultValue={values[`quietFrom${line}`]} />
          <TextField name={`quietTo${line}`} type="time" label="To" defaultValue={values[`quietTo${line}`]} />
          <SelectField
            name={`quietDays${line}`}
            label="Beginning on"
            options={DAY_OPTIONS}
            defaultValue={values[`quietDays${line}`] ?? 'every'}
            fieldClassName="max-sm:col-span-2"
          />
          <Problem kind="quiet" line={line} errors={errors} />
        </Line>
      )}
    </Lines>
  )
}

/** Dated windows without a start, each with its reason. */
export function MaintenanceLines({ values, errors, most, locked }: LineFieldsProps) {
  return (
    <Lines
      title="Maintenance"
      help="Nothing starts in these windows either. One that is over disappears when you save."
      add="Add a window"
      used={used(values, most, (line) => [`windowFrom${line}`, `windowTo${line}`, `windowReason${line}`])}
      most={most}
      locked={locked}
    >
      {(line) => (
        <Line
          key={line}
          name={`Maintenance ${line + 1}`}
          problem={problemId('window', line, errors)}
          className="grid gap-x-4 gap-y-3 sm:grid-cols-2"
        >
          <TextField
            name={`windowFrom${line}`}
            type="datetime-local"
            label="From"
            defaultValue={values[`windowFrom${line}`]}
          />
          <TextField
            name={`windowTo${line}`}
            type="datetime-local"
            label="To"
            defaultValue={values[`windowTo${line}`]}
          />
          <TextField
            name={`windowReason${line}`}
            label="Reason"
            placeholder="Upgrade of the ERP"
            maxLength={200}
            autoComplete="off"
            defaultValue={values[`windowReason${line}`]}
            fieldClassName="sm:col-span-2"
          />
          <Problem kind="window" line={line} errors={errors} />
        </Line>
      )}
    </Lines>
  )
}

/** Lines with an entry. */
function used(values: ScheduleState['values'], most: number, namesOf: (line: number) => string[]): number {
  const isUsed = (line: number) => namesOf(line).some((name) => (values[name] ?? '') !== '')
  return Array.from({ length: most }, (_, line) => line).findLastIndex(isUsed) + 1
}

function problemId(kind: string, line: number, errors: ScheduleState['fields']): string | undefined {
  return errors[`${kind}${line}`] ? `${kind}${line}-problem` : undefined
}

function Problem({ kind, line, errors }: { kind: string; line: number; errors: ScheduleState['fields'] }) {
  const problem = errors[`${kind}${line}`]
  if (!problem) return null
  return (
    <p id={problemId(kind, line, errors)} role="alert" className="col-span-full -mt-1 text-sm text-bad">
      {problem}
    </p>
  )
}

/** The fields of one line belong together, and what is wrong is said of all of them. */
function Line({
  name,
  problem,
  className,
  children,
}: {
  name: string
  problem: string | undefined
  className: string
  children: ReactNode
}) {
  return (
    <fieldset aria-describedby={problem} className="min-w-0">
      <legend className="sr-only">{name}</legend>
      <div className={className}>{children}</div>
    </fieldset>
  )
}

interface LinesProps {
  title: string
  help: string
  add: string
  used: number
  most: number
  locked: boolean
  error?: string | undefined
  children: (line: number) => ReactNode
}

function Lines({ title, help, add, used, most, locked, error, children }: LinesProps) {
  const [shown, setShown] = useState(Math.min(most, locked ? used : used + 1))
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="float-start w-full text-sm font-semibold">{title}</legend>
      <p className="-mt-2.5 clear-both max-w-[68ch] text-sm text-ink-muted text-pretty">{help}</p>
      {error ? (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      ) : null}
      {shown === 0 ? <p className="text-sm text-ink-muted">None.</p> : null}
      <div className="flex flex-col gap-4 divide-y divide-line [&>*+*]:pt-4">
        {Array.from({ length: shown }, (_, line) => children(line))}
      </div>
      {shown < most && !locked ? (
        <div className="noscript:hidden">
          <Button size="small" icon={Plus} onClick={() => setShown(shown + 1)}>
            {add}
          </Button>
        </div>
      ) : null}
    </fieldset>
  )
}
