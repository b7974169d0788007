import { Monitor, Moon, Sun } from 'lucide-react'
import { cookies } from 'next/headers'
import { classNames } from '../../_ui/class-names.ts'
import { THEME_COOKIE, type Theme, themeFromCookie } from '../../_ui/theme.ts'
import { chooseThemeAction } from '../frame-actions.ts'

const CHOICES = [
  { theme: 'system', label: 'Theme of the system', icon: Monitor },
  { theme: 'light', label: 'Light theme', icon: Sun },
  { theme: 'dark', label: 'Dark theme', icon: Moon },
] as const satisfies readonly { theme: Theme; label: string; icon: typeof Sun }[]

/** Three buttons of one form, so that it works before and without JavaScript. */
export async function ThemeSwitch() {
  const present = themeFromCookie((await cookies()).get(THEME_COOKIE)?.value)
  return (
    <form action={chooseThemeAction}>
      <fieldset className="inline-flex rounded-control border border-line p-0.5">
        <legend className="sr-only">Theme</legend>
        {CHOICES.map(({ theme, label, icon: Icon }) => (
          <button
            key={theme}
            type="submit"
            name="theme"
            value={theme}
            aria-label={label}
            aria-pressed={theme === present}
            title={label}
            className={classNames(
              'flex h-6 w-7 items-center justify-center rounded-[4px]',
              theme === present ? 'bg-ink/9 text-ink' : 'text-ink-faint hover:text-ink',
            )}
          >
            <Icon aria-hidden size={14} strokeWidth={1.75} />
          </button>
        ))}
      </fieldset>
    </form>
  )
}
