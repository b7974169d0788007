/** `done` of `of`; `of` null: the end is not known yet, and the bar says nothing it does not know. */
export interface ProgressProps {
  label: string
  done: number
  of: number | null
}

/** Moves by data, never by animation. */
export function Progress({ label, done, of }: ProgressProps) {
  const share = of === null || of === 0 ? null : Math.min(1, done / of)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={share === null ? undefined : 0}
      aria-valuemax={share === null ? undefined : 100}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      className="h-2 w-full overflow-hidden rounded-full bg-ink/9"
    >
      <div
        className="h-full rounded-full bg-accent transition-[width]"
        style={{ width: share === null ? '0%' : `${share * 100}%` }}
      />
    </div>
  )
}
