/** Sends every call with the token of whoever signed in, and once more if that had just ended. */
import type { SignIn } from "./signIn";

type Tokens = Pick<SignIn, "token" | "renewed">;

export function withBearer(send: typeof fetch, signIn: Tokens, ours: string[]): typeof fetch {
  const origins = new Set(ours.map((address) => new URL(address).origin));
  return async (input, init) => {
    const request = new Request(input, init);
    const token = origins.has(new URL(request.url).origin) ? await signIn.token() : "";
    if (!token) return send(request);
    const again = request.clone();
    const response = await send(bearing(request, token));
    if (response.status !== 401) return response;
    const fresh = await signIn.renewed(token);
    return fresh ? send(bearing(again, fresh)) : response;
  };
}

function bearing(request: Request, token: string): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}
