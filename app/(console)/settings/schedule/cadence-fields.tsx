import type { ReactNode } from 'react'
import { CheckboxRow, ChoiceRows } from '../../../_ui/checkbox-row.tsx'
import { CONTROL_CLASS } from '../../../_ui/field.tsx'
import { DAY_NAMES, WEEK } from './schedule-words.ts'
import type { ScheduleState } from './state.ts'

interface CadenceFieldsProps {
  values: ScheduleState['values']
  errors: ScheduleState['fields']
}

const TIME = `${CONTROL_CLASS} h-9 max-w-36`
const NUMBER = `${CONTROL_CLASS} h-9 max-w-24 tabular`

/** The ways to say how often. What belongs to one is shown while it is chosen, by the style sheet alone. */
export function CadenceFields({ values, errors }: CadenceFieldsProps) {
  const row = (cadence: string, title: string, help: string, control: ReactNode) => (
    <Row
      key={cadence}
      cadence={cadence}
      chosen={values.cadence === cadence}
      title={title}
      help={help}
      error={errors[`cadence-${cadence}`]}
    >
      {control}
    </Row>
  )
  const time = (name: string) => (
    <Labelled name={name} label="At">
      <input id={name} name={name} type="time" defaultValue={values[name]} className={TIME} />
    </Labelled>
  )
  return (
    <ChoiceRows legend="How often">
      {row(
        'minutes',
        'Every so many minutes',
        'Counted from midnight, from 5 minutes to a day.',
        <Labelled name="minutes" label="Minutes">
          <input id="minutes" name="minutes" inputMode="numeric" defaultValue={values.minutes} className={NUMBER} />
        </Labelled>,
      )}
      {row(
        'hour',
        'Every hour',
        'Always at the same minute.',
        <Labelled name="minute" label="Minutes past the hour">
          <input id="minute" name="minute" inputMode="numeric" defaultValue={values.minute} className={NUMBER} />
        </Labelled>,
      )}
      {row('day', 'Every day', 'Once, at a time of day.', time('dayTime'))}
      {row('weekday', 'Monday to Friday', 'Once on each of these days.', time('weekdayTime'))}
      {row(
        'chosen-days',
        'On chosen days',
        'Once on each day that you tick.',
        <>
          <Days values={values} />
          {time('chosenTime')}
        </>,
      )}
      {row(
        'cron',
        'By a cron expression',
        'Five parts: minute, hour, day of month, month, day of week.',
        <Labelled name="expression" label="Expression">
          <input
            id="expression"
            name="expression"
            autoComplete="off"
            spellCheck={false}
            defaultValue={values.expression}
            className={`${CONTROL_CLASS} h-9 max-w-64 font-mono`}
          />
        </Labelled>,
      )}
    </ChoiceRows>
  )
}

function Row({
  cadence,
  chosen,
  title,
  help,
  error,
  children,
}: {
  cadence: string
  chosen: boolean
  title: string
  help: string
  error?: string | undefined
  children: ReactNode
}) {
  const id = `cadence-${cadence}`
  return (
    <div className="group">
      <CheckboxRow
        type="radio"
        id={id}
        name="cadence"
        value={cadence}
        defaultChecked={chosen}
        title={title}
        help={help}
        aria-invalid={error ? true : undefined}
      />
      <div className="hidden flex-col gap-2 ps-11 pe-4 pb-3.5 group-has-[[name=cadence]:checked]:flex">
        <div className="flex flex-wrap items-end gap-x-6 gap-y-3">{children}</div>
        {error ? (
          <p role="alert" className="text-sm text-bad">
            {error}
          </p>
        ) : null}
      </div>
    </div>
  )
}

function Labelled({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  return (
    <label htmlFor={name} className="flex items-center gap-2.5 text-sm font-medium">
      {label}
      {children}
    </label>
  )
}

function Days({ values }: { values: ScheduleState['values'] }) {
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">Days</legend>
      <div className="flex flex-wrap gap-1.5">
        {WEEK.map((day) => (
          <label
            key={day}
            className="inline-flex h-9 min-w-12 cursor-pointer items-center justify-center gap-1.5 rounded-control border border-line-strong/60 px-2.5 text-sm font-medium text-ink-muted select-none hover:border-line-strong has-checked:border-accent/60 has-checked:bg-accent/9 has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus has-disabled:opacity-60"
          >
            <input
              type="checkbox"
              name={`on${day}`}
              aria-label={DAY_NAMES[day]}
              defaultChecked={values[`on${day}`] === 'on'}
              className="size-3.5 accent-accent"
            />
            {DAY_NAMES[day].slice(0, 3)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
