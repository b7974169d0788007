import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'

export interface CheckboxRowProps extends Omit<ComponentProps<'input'>, 'title' | 'id'> {
  name: string
  title: ReactNode
  /** One line of explanation. */
  help?: ReactNode
  /** A count or another short fact at the right, e.g. "1,104 projects". */
  aside?: ReactNode
  id?: string
  /** `radio` for one of several. */
  type?: 'checkbox' | 'radio'
}

/** A box or a radio with title and explanation as one target. Rows stack inside a bordered `ChoiceRows`. */
export function CheckboxRow({
  name,
  title,
  help,
  aside,
  id = name,
  type = 'checkbox',
  className,
  ...rest
}: CheckboxRowProps) {
  const helpId = help ? `${id}-help` : undefined
  return (
    <label
      htmlFor={id}
      className={classNames(
        'flex items-start gap-3 px-4 py-3 transition-colors has-enabled:cursor-pointer has-enabled:hover:bg-ink/3 has-disabled:opacity-60',
        className,
      )}
    >
      <input
        {...rest}
        id={id}
        name={name}
        type={type}
        aria-describedby={helpId}
        aria-labelledby={`${id}-title`}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span id={`${id}-title`} className="font-medium">
          {title}
        </span>
        {help ? (
          <span id={helpId} className="text-sm text-ink-muted text-pretty">
            {help}
          </span>
        ) : null}
      </span>
      {aside ? <span className="tabular shrink-0 text-sm text-ink-muted">{aside}</span> : null}
    </label>
  )
}

export interface ChoiceRowsProps {
  /** Names the group for everybody; shown above unless `hideLegend`. */
  legend: string
  hideLegend?: boolean
  children: ReactNode
}

export function ChoiceRows({ legend, hideLegend = false, children }: ChoiceRowsProps) {
  return (
    <fieldset className="min-w-0">
      <legend className={hideLegend ? 'sr-only' : 'mb-1.5 text-sm font-medium'}>{legend}</legend>
      <div className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">{children}</div>
    </fieldset>
  )
}
