import type { ReactNode } from 'react'
import type { AlertKind } from '#lib/sync/alerts'
import { CheckboxRow } from '../../../_ui/checkbox-row.tsx'

/** A kind of alert as a choice. */
export interface KindChoice {
  kind: AlertKind
  label: string
  help: string
}

export interface WantedFieldsProps {
  /** Keeps ids apart where several forms are on the page. */
  idPrefix: string
  choices: readonly KindChoice[]
  isWanted: (kind: AlertKind) => boolean
  mode: string
  error: string | undefined
  /** Changes with each answer, since a form is emptied after its action. */
  answer: number
}

/** What a channel hears of, and how. */
export function WantedFields({ idPrefix, choices, isWanted, mode, error, answer }: WantedFieldsProps) {
  return (
    <div key={answer} className="flex flex-col gap-4">
      <Choices legend="How it is told">
        <CheckboxRow
          type="radio"
          name="mode"
          id={`${idPrefix}-each`}
          value="each"
          defaultChecked={mode !== 'digest'}
          title="At once"
          help="One message when something breaks, none while it stays broken, one when it is over."
          className="bg-surface"
        />
        <CheckboxRow
          type="radio"
          name="mode"
          id={`${idPrefix}-digest`}
          value="digest"
          defaultChecked={mode === 'digest'}
          title="Once a day"
          help="At 08:00 UTC: what broke, what is still open and what is over. Nothing on a day without any of it."
          className="bg-surface"
        />
      </Choices>
      <div className="flex flex-col gap-1.5">
        <Choices legend="What it hears of">
          {choices.map(({ kind, label, help }) => (
            <CheckboxRow
              key={kind}
              name={`alert_${kind}`}
              id={`${idPrefix}-${kind}`}
              value="on"
              defaultChecked={isWanted(kind)}
              title={label}
              help={help}
              className="bg-surface"
            />
          ))}
        </Choices>
        {error ? (
          <p role="alert" className="text-sm text-bad">
            {error}
          </p>
        ) : null}
      </div>
    </div>
  )
}

/** An even number of choices, side by side where there is room. */
function Choices({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      <div className="grid gap-px overflow-hidden rounded-card border border-line bg-line md:grid-cols-2">
        {children}
      </div>
    </fieldset>
  )
}
