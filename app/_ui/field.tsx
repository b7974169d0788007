import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'

export const CONTROL_CLASS =
  'w-full rounded-control border border-line-strong bg-surface px-2.5 text-base text-ink transition-colors ' +
  'placeholder:text-ink-faint hover:border-ink-muted disabled:cursor-not-allowed disabled:bg-idle-tint ' +
  'disabled:text-ink-muted [&[readonly]]:bg-idle-tint aria-invalid:border-bad-line'

/** What ties a control to its label, help and error. */
export interface ControlProps {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

export interface FieldProps {
  id: string
  label: ReactNode
  help?: ReactNode
  /** Takes the place of the help. */
  error?: string | undefined
  /** Said beside the label, e.g. "optional". */
  mark?: string
  className?: string
  children: (control: ControlProps) => ReactNode
}

/** Label above, help below, error in place of help. */
export function Field({ id, label, help, error, mark, className, children }: FieldProps) {
  const noteId = error || help ? `${id}-note` : undefined
  return (
    <div className={classNames('flex min-w-0 flex-col gap-1.5', className)}>
      <label htmlFor={id} className="flex items-baseline justify-between gap-2 text-sm font-medium">
        {label}
        {mark ? <span className="text-xs font-normal text-ink-faint">{mark}</span> : null}
      </label>
      {children({ id, 'aria-describedby': noteId, 'aria-invalid': error ? true : undefined })}
      {error ? (
        <p id={noteId} className="text-sm text-bad">
          {error}
        </p>
      ) : help ? (
        <p id={noteId} className="text-sm text-ink-muted text-pretty">
          {help}
        </p>
      ) : null}
    </div>
  )
}

export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'id' | 'children'> {
  name: string
  label: ReactNode
  help?: ReactNode
  error?: string | undefined
  mark?: string
  /** Unique on the page; the name unless told. */
  id?: string
  /** Unit or other short text inside the control's right end. */
  suffix?: string
  fieldClassName?: string
}

export function TextField({
  name,
  label,
  help,
  error,
  mark,
  id = name,
  suffix,
  className,
  fieldClassName,
  ...rest
}: TextFieldProps) {
  return (
    <Field id={id} label={label} help={help} error={error} mark={mark} className={fieldClassName}>
      {(control) => (
        <span className="relative block">
          <input
            {...rest}
            {...control}
            name={name}
            className={classNames(CONTROL_CLASS, 'h-9', suffix && 'pe-24', className)}
          />
          {suffix ? (
            <span className="pointer-events-none absolute inset-y-0 end-0 flex items-center pe-2.5 text-sm text-ink-faint">
              {suffix}
            </span>
          ) : null}
        </span>
      )}
    </Field>
  )
}
