import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'
export type ButtonSize = 'small' | 'medium' | 'large' | 'icon' | 'small-icon'

const BASE =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-control border font-medium whitespace-nowrap ' +
  'transition-colors select-none disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55'

const SIZE: Readonly<Record<ButtonSize, string>> = {
  small: 'h-7 px-2.5 text-sm',
  medium: 'h-8 px-3 text-sm',
  large: 'h-10 px-4 text-base',
  icon: 'size-8',
  'small-icon': 'size-7',
}

const VARIANT: Readonly<Record<ButtonVariant, string>> = {
  primary:
    'border-transparent bg-accent text-accent-ink enabled:hover:bg-[color-mix(in_oklab,var(--color-accent)_88%,var(--color-ink))]',
  secondary: 'border-line-strong/60 bg-surface text-ink hover:border-line-strong hover:bg-ink/4',
  quiet: 'border-transparent bg-transparent text-ink-muted hover:bg-ink/6 hover:text-ink',
  danger: 'border-bad-line/60 bg-surface text-bad hover:border-bad-line hover:bg-bad-tint',
}

/** The look of a button, for what is not a `<button>` (a link, a summary). */
export function buttonClass(variant: ButtonVariant = 'secondary', size: ButtonSize = 'medium'): string {
  return classNames(BASE, SIZE[size], VARIANT[variant])
}

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: LucideIcon
  /** The work is under way: cannot be pressed again, and says so. */
  pending?: boolean
}

/** A button with its verb. `type` is `button` unless told; a form's main one is `SubmitButton`. */
export function Button({
  variant = 'secondary',
  size = 'medium',
  icon: Icon,
  pending = false,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled === true || pending}
      aria-busy={pending || undefined}
      className={classNames(buttonClass(variant, size), className)}
    >
      {pending ? <Spinner /> : Icon ? <Icon aria-hidden size={16} strokeWidth={1.75} /> : null}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: LucideIcon
  /** What it does, for everybody who does not see the icon; also the hover text. */
  label: string
}

export function IconButton({ icon: Icon, label, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className={classNames(buttonClass('quiet', 'icon'), className)}
    >
      <Icon aria-hidden size={16} strokeWidth={1.75} />
    </button>
  )
}

/** Turns only while somebody waits for a press to be answered. */
function Spinner(): ReactNode {
  return (
    <svg aria-hidden="true" viewBox="0 0 16 16" className="size-4 animate-spin" fill="none">
      <circle cx="8" cy="8" r="6" stroke="currentColor" strokeOpacity="0.3" strokeWidth="2" />
      <path d="M14 8a6 6 0 0 0-6-6" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}
