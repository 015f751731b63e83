/** The typed client of our API, and the one place where its failures become Problems. */
import createClient from "openapi-fetch";
import { createContext, useContext } from "react";
import { Problem, problemFrom } from "../lib/problem";
import { text } from "../lib/strings";
import { type Put, putFile } from "./put";
import type { paths } from "./schema";
import { type SignIn, withBearer } from "./sign-in";

/** `send` is the one way to the server, also for what isn't JSON: it carries who is signed in. */
export function createApi(
  base: string,
  plainly: typeof fetch = (...args) => fetch(...args),
  signIn: SignIn | null = null,
  gateway = "/v1",
  put: Put = putFile,
) {
  const baseUrl = absolute(base);
  const gatewayUrl = absolute(gateway);
  const send = signIn ? withBearer(plainly, signIn, [baseUrl, gatewayUrl]) : plainly;
  const client = createClient<paths>({ baseUrl, credentials: "same-origin", fetch: send });
  return { ...client, baseUrl, gatewayUrl, send, put, signIn };
}

const absolute = (base: string) => new URL(base, document.location.href).href.replace(/\/$/, "");

export type Api = ReturnType<typeof createApi>;

export const ApiContext = createContext<Api | null>(null);

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error("ApiContext is missing above this component");
  return api;
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Waits for the answer and returns its content, or throws a Problem. */
export async function answer<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await reached(call);
  if (!response.ok) throw problemFrom(response.status, error);
  return data as Data;
}

/** Turns the browser's way of saying "no connection" into ours. */
export async function reached<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof TypeError) throw new Problem(0, text.unreachable, text.unreachableNext);
    throw error;
  }
}
