import { ChevronsUpDown } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { CONTROL_CLASS, Field } from './field.tsx'

export interface SelectOption {
  value: string
  label: string
}

export interface SelectProps extends Omit<ComponentProps<'select'>, 'children'> {
  options: readonly SelectOption[]
  /** As high as a search field, for a row of filters. */
  dense?: boolean
}

/** The browser's own select, dressed. Keyed by its value, since a form reset would otherwise lose the choice. */
export function Select({ options, dense, className, defaultValue, ...rest }: SelectProps) {
  return (
    <span className="relative block">
      <select
        {...rest}
        key={String(defaultValue ?? '')}
        defaultValue={defaultValue}
        className={classNames(CONTROL_CLASS, dense ? 'h-8 text-sm' : 'h-9', 'appearance-none pe-8', className)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronsUpDown
        aria-hidden
        size={14}
        className="pointer-events-none absolute end-2.5 top-1/2 -translate-y-1/2 text-ink-faint"
      />
    </span>
  )
}

export interface SelectFieldProps extends Omit<SelectProps, 'id'> {
  name: string
  label: ReactNode
  help?: ReactNode
  error?: string | undefined
  id?: string
  fieldClassName?: string
}

export function SelectField({ name, label, help, error, id = name, fieldClassName, ...rest }: SelectFieldProps) {
  return (
    <Field id={id} label={label} help={help} error={error} className={fieldClassName}>
      {(control) => <Select {...rest} {...control} name={name} />}
    </Field>
  )
}
