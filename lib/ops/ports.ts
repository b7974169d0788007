import { createServer } from 'node:net'
import { errorCode, OperatorProblem } from './operator-problem.ts'

const LOOPBACK = '127.0.0.1'

/** A port of this machine's loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const bound = await bind(0, LOOPBACK)
  if (!bound.ok) throw new OperatorProblem(`This machine lets no program listen on ${LOOPBACK} (${bound.code}).`)
  return bound.port
}

/** Whether a program could listen there now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await bind(port, LOOPBACK)).ok
}

/** The first of so many free ports in a row. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = await freePort()
    const rest = Array.from({ length: count - 1 }, (_, index) => first + 1 + index)
    if (first + count <= 65_535 && (await Promise.all(rest.map(isPortFree))).every(Boolean)) return first
  }
}

/** Null when the web app can take this port, else the sentence that says why not. */
export async function portProblem(port: number): Promise<string | null> {
  // Browsers may try ::1 first when they read "localhost".
  for (const host of [LOOPBACK, '::1']) {
    const bound = await bind(port, host)
    if (bound.ok || bound.code === 'EADDRNOTAVAIL' || bound.code === 'EAFNOSUPPORT') continue
    if (bound.code === 'EACCES') return `Port ${port} needs more rights than this user has: set PORT to one above 1023.`
    return `Port ${port} is in use by another program: stop that one, or set PORT to a free port (PORT=${port + 1} npm start).`
  }
  return null
}

type Bound = { ok: true; port: number } | { ok: false; code: string }

async function bind(port: number, host: string): Promise<Bound> {
  const server = createServer()
  const bound = await new Promise<Bound>((resolve) => {
    server.once('error', (error) => resolve({ ok: false, code: errorCode(error) ?? error.message }))
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      resolve({ ok: true, port: typeof address === 'object' && address ? address.port : port })
    })
  })
  if (bound.ok) await new Promise((resolve) => server.close(resolve))
  return bound
}
