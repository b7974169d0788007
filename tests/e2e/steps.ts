import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import type { StartedApp } from './start-app.ts'

/** What several files of the story do in the same way. */

export const ADMIN = { name: 'Ann Alvarez', email: 'ann@example.com', password: 'orchard lantern pebble 42' }

export function app(): StartedApp {
  return JSON.parse(process.env.CROSSWALK_E2E ?? '')
}

/** The sandbox that `npm start` has started: its three ports lie side by side from the one it remembers. */
export async function control(): Promise<SandboxControl> {
  const { port } = JSON.parse(await readFile(join(app().dataDir, 'sandbox.json'), 'utf8'))
  return sandboxControl(`http://127.0.0.1:${port + 2}`)
}

export async function signIn(page: Page, who: { email: string; password: string } = ADMIN): Promise<void> {
  await page.goto(`${app().url}/sign-in`)
  await page.getByLabel('E-mail address').fill(who.email)
  await page.getByLabel('Password').fill(who.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}

/** WCAG 2.2 AA and best practices: no violation at all. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)
  expect(told, page.url()).toEqual([])
}

/** Readable at 360 px means that nothing sticks out sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(excess, `${page.url()} is wider than the window`).toBeLessThanOrEqual(0)
}

/** Starts a sync on the page and waits for its end; answers the run's closing message. */
export async function synchronize(page: Page, options: { keepGoing?: boolean } = {}): Promise<string> {
  await page.goto(`${app().url}/sync`)
  if (options.keepGoing) await page.getByRole('checkbox', { name: /Keep going/ }).check()
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click()
  await expect(page.getByText('Sync in progress')).toBeVisible()
  await expect(page.getByText('Sync in progress')).toBeHidden({ timeout: 100_000 })
  await page.goto(`${app().url}/sync`)
  const newest = page
    .getByRole('table', { name: /last ten runs/i })
    .getByRole('row')
    .nth(1)
  return newest.innerText()
}
