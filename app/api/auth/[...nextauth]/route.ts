import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '#lib/access/auth-options'

interface AuthContext {
  params: Promise<{ nextauth: string[] }>
}

function handle(request: NextRequest, context: AuthContext): Promise<Response> {
  return NextAuth(request, context, authOptions(request))
}

export { handle as GET, handle as POST }
