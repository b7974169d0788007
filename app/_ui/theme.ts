/** Remembered switch between light and dark; no cookie follows the system. Read by the server, so nothing flashes. */
export const THEME_COOKIE = 'crosswalk-theme'

export type Theme = 'system' | 'light' | 'dark'

export function themeFromCookie(value: string | undefined): Theme {
  return value === 'light' || value === 'dark' ? value : 'system'
}
