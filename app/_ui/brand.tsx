/** The mark: two lines that answer each other. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g fill="none" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" className="stroke-accent-ink">
        <path d="M8 12.5h13.5m-4-4.5 4.5 4.5-4.5 4.5" />
        <path d="M24 20.5H11" opacity="0.7" />
      </g>
    </svg>
  )
}
