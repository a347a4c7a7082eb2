/**
 * The part of the package google-auth-library that this plugin uses. Its own declarations bring the
 * types of another runtime along, which then hold for the whole program.
 */

/** What a request of the library is made of. */
export interface RequestOptions {
  readonly url?: string | URL;
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly data?: unknown;
  readonly responseType?: string;
}

/** An answer as the library takes it. */
export type Sent<T> = Response & { readonly config: RequestOptions; readonly data: T };

export namespace gaxios {
  /** What sends the library's requests. */
  class Gaxios {
    request<T>(options?: RequestOptions): Promise<Sent<T>>;
  }
}

interface ClientOptions {
  readonly transporter?: gaxios.Gaxios;
}

/** Shows who is calling. */
export class AuthClient {
  getRequestHeaders(): Promise<Headers>;
}

/** Tokens that somebody else gives. */
export class OAuth2Client extends AuthClient {
  constructor(options: ClientOptions);
  refreshHandler?: () => Promise<
    { readonly access_token: string; readonly expiry_date: number }
  >;
}

/** A service account with its key. */
export class JWT extends AuthClient {
  constructor(
    options: ClientOptions & {
      readonly email: string;
      readonly key: string;
      readonly scopes: string[];
      readonly additionalClaims: Readonly<Record<string, string>>;
    },
  );
}

/** A user who has logged in. */
export class UserRefreshClient extends AuthClient {
  constructor(
    options: ClientOptions & {
      readonly clientId: string;
      readonly clientSecret: string;
      readonly refreshToken: string;
    },
  );
}

/** Another identity whose token is exchanged. */
export class IdentityPoolClient extends AuthClient {
  constructor(options: ClientOptions & Readonly<Record<string, unknown>>);
  protected readonly stsCredential: object;
}

/** One account that acts as another. */
export class Impersonated extends AuthClient {
  constructor(
    options: ClientOptions & {
      readonly sourceClient: AuthClient;
      readonly targetPrincipal: string;
      readonly delegates: string[];
      readonly targetScopes: string[];
    },
  );
}
