import { displayText } from '#lib/sync/display-text'

/** Search parameters as Next gives them to a page; a route's `URLSearchParams` becomes the same by {@link toParams}. */
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>

export function toParams(search: URLSearchParams): SearchParams {
  return Object.fromEntries([...new Set(search.keys())].map((name) => [name, search.getAll(name)]))
}

/** The last value of a parameter, trimmed; `null` when it is absent or empty. */
export function oneValue(params: SearchParams, name: string): string | null {
  return manyValues(params, name).at(-1) ?? null
}

/** All values of a repeated parameter, without empty ones. */
export function manyValues(params: SearchParams, name: string): string[] {
  const value = params[name]
  const values = value === undefined ? [] : Array.isArray(value) ? value : [value]
  return values.map((each) => each.trim()).filter((each) => each !== '')
}

/** How a value that cannot be used is named to the person: `severity “fatal”`. */
export function namedValue(label: string, value: string): string {
  return `${label} “${displayText(value, 40)}”`
}

export type Query = Readonly<Record<string, string | readonly string[] | null>>

/** An address with these parameters, absent and empty ones left out, in a fixed order so that equal pages are equal links. */
export function address(path: string, query: Query): string {
  const search = new URLSearchParams()
  for (const name of Object.keys(query).toSorted()) {
    const value = query[name] ?? []
    for (const each of typeof value === 'string' ? [value] : value) if (each !== '') search.append(name, each)
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

export const PAGE_SIZES = [25, 50, 100, 200] as const
export const DEFAULT_PAGE_SIZE = 50

/** Rows per page; anything but one of the offered sizes is the default. */
export function pageSize(params: SearchParams): number {
  const wanted = Number(oneValue(params, 'size'))
  return PAGE_SIZES.find((size) => size === wanted) ?? DEFAULT_PAGE_SIZE
}
