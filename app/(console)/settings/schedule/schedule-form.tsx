'use client'

import { CalendarClock } from 'lucide-react'
import { useActionState, useEffect, useRef } from 'react'
import { Card } from '../../../_ui/card.tsx'
import { CheckboxRow, ChoiceRows } from '../../../_ui/checkbox-row.tsx'
import { ErrorNote, Note } from '../../../_ui/error-note.tsx'
import { SelectField } from '../../../_ui/select.tsx'
import { SubmitButton } from '../../../_ui/submit-button.tsx'
import type { SideNames } from '../../sync/_run/run-words.ts'
import { scheduleAction } from './actions.ts'
import { CadenceFields } from './cadence-fields.tsx'
import { ComparisonFields } from './comparison-fields.tsx'
import { MaintenanceLines, QuietLines } from './line-fields.tsx'
import { OptionFields } from './option-fields.tsx'
import { StartsPanel } from './starts-panel.tsx'
import { type ScheduleState, type StartsView, UNTOUCHED } from './state.ts'

export interface ScheduleFormProps {
  connectionId: string
  /** What the fields begin with. */
  start: Readonly<Record<string, string>>
  starts: StartsView | null
  timeZones: readonly string[]
  names: SideNames
  /** Lines of quiet hours and of maintenance that can be entered. */
  mostLines: number
  /** Why nothing can be changed here, or `null`. */
  locked: string | null
}

/** When a connection syncs by itself, with what, and when not; beside it what that comes to. */
export function ScheduleForm(props: ScheduleFormProps) {
  const [state, send] = useActionState<ScheduleState, FormData>(scheduleAction, UNTOUCHED)
  const panel = useRef<HTMLDivElement>(null)
  const { answer, starts } = state
  useEffect(() => {
    // On a narrow screen the panel is far below the button that asks for it.
    if (answer > 0 && starts) panel.current?.scrollIntoView({ block: 'nearest' })
  }, [answer, starts])
  const isAnswered = state.answer > 0 && state.done === undefined
  return (
    <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,720px)_minmax(280px,360px)]">
      <form action={send} noValidate className="flex min-w-0 flex-col gap-4">
        <input type="hidden" name="connectionId" value={props.connectionId} />
        {props.locked ? <Note title={props.locked} /> : null}
        {state.error ? <ErrorNote title={state.error} /> : null}
        {state.done ? <Note tone="ok" role="status" title={state.done} /> : null}
        <fieldset disabled={props.locked !== null} className="contents">
          <Fields
            key={state.answer}
            {...props}
            values={isAnswered ? state.values : props.start}
            errors={state.fields}
          />
        </fieldset>
      </form>
      <div ref={panel} className="scroll-m-20 xl:sticky xl:top-7">
        <StartsPanel starts={starts ?? props.starts} isDraft={starts !== undefined} />
      </div>
    </div>
  )
}

type FieldsProps = ScheduleFormProps & Pick<ScheduleState, 'values'> & { errors: ScheduleState['fields'] }

function Fields({ values, errors, names, timeZones, mostLines, locked }: FieldsProps) {
  const lines = { values, errors, most: mostLines, locked: locked !== null }
  return (
    <>
      <Card id="automatic" title="Automatic sync" context="Belongs to this connection, and runs while Crosswalk does.">
        <div className="flex flex-col gap-5">
          <ChoiceRows legend="Automatic sync" hideLegend>
            <CheckboxRow
              name="enabled"
              defaultChecked={values.enabled === 'on'}
              title="Sync by itself"
              help="A start that finds a sync going joins it. What was missed while Crosswalk was not running is made up for by one sync."
            />
          </ChoiceRows>
          <CadenceFields values={values} errors={errors} />
          <SelectField
            name="timeZone"
            label="Time zone"
            options={timeZones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
            defaultValue={values.timeZone}
            error={errors.timeZone}
            help="All times on this page are meant there, daylight-saving time included."
            fieldClassName="sm:max-w-96"
          />
          <OptionFields values={values} names={names} />
        </div>
      </Card>
      <Card
        id="silence"
        title="When nothing starts"
        context="Holds for automatic syncs and comparisons, not for what a person starts."
      >
        <div className="flex flex-col gap-6">
          <QuietLines {...lines} />
          <MaintenanceLines {...lines} />
        </div>
      </Card>
      <Card id="comparison" title="Comparison" context="Finds what has drifted apart although every sync went well.">
        <ComparisonFields values={values} errors={errors} names={names} />
      </Card>
      {locked === null ? (
        <div className="flex flex-wrap justify-end gap-2">
          <SubmitButton name="intent" value="preview" variant="secondary" icon={CalendarClock}>
            Show next starts
          </SubmitButton>
          <SubmitButton name="intent" value="save">
            Save schedule
          </SubmitButton>
        </div>
      ) : null}
    </>
  )
}
