import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Root and most containers have no user namespaces for Chromium's own sandbox; the pages are our own. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** A Chromium of this machine: the system's, else Playwright's; where there is none, one is installed. */
export function chromiumPath(): string {
  const found = installedChromium()
  if (found) return found
  install()
  const installed = installedChromium()
  if (installed) return installed
  throw new Error(
    'The browser tests need Chromium: install the package "chromium", or run npx playwright install chromium.',
  )
}

/** How Playwright launches it. */
export function chromiumLaunch(): { executablePath: string; args: string[] } {
  return { executablePath: chromiumPath(), args: ARGUMENTS }
}

function installedChromium(): string | undefined {
  return [...SYSTEM, chromium.executablePath()].find((path) => existsSync(path))
}

function install(): void {
  console.log('Installing Chromium for the browser tests (once).')
  const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], quiet).status === 0) {
    spawnSync('apt-get', ['update', '-q'], quiet)
    const packages = ['chromium', 'fonts-liberation']
    if (spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], quiet).status === 0)
      return
  }
  spawnSync('npx', ['playwright', 'install', 'chromium'], quiet)
}
