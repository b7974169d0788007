import { join } from 'node:path'
import { type Browser, expect, type Page } from '@playwright/test'
import { app } from './steps.ts'

/**
 * Pictures of screens, light and dark, at 360 and 1,280 px: kept in `docs/pictures` by `npm run pictures`. Where nobody
 * asked for them, one of each is made, to see that the screen can be shown; `02-pages` looks at the rest.
 */
const ROOT = join(import.meta.dirname, '..', '..')
export const WIDTHS = [360, 1280]
export const SCHEMES = ['light', 'dark'] as const

export function picturesWanted(): boolean {
  return Boolean(process.env.CROSSWALK_PICTURES)
}

export function pictureFolder(): string {
  return picturesWanted() ? join(ROOT, 'docs/pictures') : join(ROOT, 'tests/.output/pictures')
}

export async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictureFolder(), `${name}.png`), animations: 'disabled' })
}

interface Shown {
  readonly signedIn?: boolean
  /** A part of the page, by its name, that the picture begins with. */
  readonly part?: string
}

function looks() {
  const all = SCHEMES.flatMap((colorScheme) => WIDTHS.map((width) => ({ colorScheme, width })))
  return picturesWanted() ? all : all.filter(({ colorScheme, width }) => colorScheme === 'light' && width === 1280)
}

/** The same page in both themes and both widths, each in a window of its own. */
export async function takeAll(browser: Browser, name: string, path: string, shown: Shown = {}): Promise<void> {
  const { signedIn = true, part } = shown
  for (const { colorScheme, width } of looks()) {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height: width === 360 ? 800 : 860 },
      storageState: signedIn ? `${app().dataDir}/signed-in.json` : undefined,
    })
    const page = await context.newPage()
    await page.goto(`${app().url}${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    if (part) await page.getByRole('region', { name: part }).evaluate((element) => element.scrollIntoView())
    await take(page, `${name}-${width}-${colorScheme}`)
    await context.close()
  }
}
