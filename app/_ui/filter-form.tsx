'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useSyncExternalStore, useTransition } from 'react'
import { Button } from './button.tsx'

export interface FilterFormProps {
  /** What is filtered, for those who do not see it. */
  label: string
  action: string
  /** Parameters that stay as they are. */
  kept?: Readonly<Record<string, string | readonly string[] | null>>
  /** What the button says. */
  verb?: string
  className?: string
  children: ReactNode
}

/**
 * Filters of a list as a GET form, so that the address holds them and it works without JavaScript. With it, empty
 * fields stay out of the address and the page need not load anew.
 */
export function FilterForm({ label, action, kept = {}, verb = 'Apply', className, children }: FilterFormProps) {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  return (
    <search aria-label={label}>
      <form
        method="get"
        action={action}
        className={className}
        onSubmit={(event) => {
          event.preventDefault()
          const search = filledFields(event.currentTarget)
          startTransition(() => router.push(search === '' ? action : `${action}?${search}`, { scroll: false }))
        }}
      >
        {Object.entries(kept).flatMap(([name, value]) =>
          (typeof value === 'string' ? [value] : (value ?? [])).map((each) => (
            <input key={`${name} ${each}`} type="hidden" name={name} value={each} />
          )),
        )}
        {children}
        <Button type="submit" pending={isPending}>
          {verb}
        </Button>
      </form>
    </search>
  )
}

function filledFields(form: HTMLFormElement): string {
  const search = new URLSearchParams()
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value.trim() !== '') search.append(name, value.trim())
  }
  search.sort()
  return search.toString()
}

const nothing = () => () => undefined

/** Carries the viewer's time zone along with a form; without JavaScript the server takes UTC. */
export function TimeZoneInput({ name }: { name: string }) {
  const zone = useSyncExternalStore(
    nothing,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => '',
  )
  return <input type="hidden" name={name} value={zone} />
}
