import { classNames } from '../../_ui/class-names.ts'
import { CONTROL_CLASS, Field } from '../../_ui/field.tsx'
import { Select } from '../../_ui/select.tsx'

/** How a value is typed. */
export type TypedControl =
  | { readonly kind: 'line' | 'lines' | 'date' | 'amount'; readonly help: string | null }
  | { readonly kind: 'list'; readonly options: readonly { readonly value: string; readonly label: string }[] }

export interface TypedValueProps {
  id: string
  label: string
  control: TypedControl
  value: string
}

/** The box that a value for both sides is typed into, as its field wants it. Keyed by its value, which a form reset would lose. */
export function TypedValue({ id, label, control, value }: TypedValueProps) {
  const help = control.kind === 'list' ? null : control.help
  return (
    <Field id={id} label={label} help={help} className="w-full max-w-[560px]">
      {(given) => {
        if (control.kind === 'list') {
          return <Select {...given} name="typed" options={control.options} defaultValue={value} />
        }
        const shared = { ...given, name: 'typed', defaultValue: value, autoComplete: 'off' }
        if (control.kind === 'lines') {
          return <textarea {...shared} key={value} rows={3} className={classNames(CONTROL_CLASS, 'py-1.5')} />
        }
        return (
          <input
            {...shared}
            key={value}
            type={control.kind === 'date' ? 'date' : 'text'}
            inputMode={control.kind === 'amount' ? 'decimal' : undefined}
            className={classNames(CONTROL_CLASS, 'h-9')}
          />
        )
      }}
    </Field>
  )
}
