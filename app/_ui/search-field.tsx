import { Search } from 'lucide-react'
import type { ComponentProps } from 'react'
import { classNames } from './class-names.ts'
import { CONTROL_CLASS } from './field.tsx'

export interface SearchFieldProps extends Omit<ComponentProps<'input'>, 'type'> {
  name: string
  /** Read out; the placeholder is what is seen. */
  label: string
}

/** A search box inside a GET form. */
export function SearchField({ label, className, ...rest }: SearchFieldProps) {
  return (
    <span className={classNames('relative block min-w-0', className)}>
      <Search
        aria-hidden
        size={14}
        className="pointer-events-none absolute start-2.5 top-1/2 -translate-y-1/2 text-ink-faint"
      />
      <input {...rest} type="search" aria-label={label} className={classNames(CONTROL_CLASS, 'h-8 ps-8 text-sm')} />
    </span>
  )
}
