/** What the server says about this installation, read once before the first page. */
import { createContext, useContext } from "react";
import { text } from "./strings";

export interface UiConfig {
  routing: "history" | "hash";
  apiBase: string;
  /** Where models are called. */
  gateway: string;
  branding: { name: string };
  /** Where people sign in, if not only by a one-time link. */
  signIn: SignInSettings | null;
  /** Whether this installation keeps accounts of its own, which administrators manage here. */
  users: boolean;
}

/** An OpenID Connect issuer, and our client there. */
export interface SignInSettings {
  authority: string;
  clientId: string;
  scope: string;
  parameters: Record<string, string>;
}

// Beside the folder of the built files, wherever that is mounted; the dev server has it at the root.
const ADDRESS = import.meta.env.DEV ? "/config.json" : "../config.json";

export function readConfig(raw: unknown): UiConfig {
  const given = (raw ?? {}) as Partial<UiConfig>;
  return {
    routing: given.routing === "hash" ? "hash" : "history",
    apiBase: given.apiBase ?? "/api",
    gateway: given.gateway ?? "/v1",
    branding: { name: given.branding?.name ?? text.brand },
    signIn: readSignIn(given.signIn),
    users: given.users === true,
  };
}

function readSignIn(given: Partial<SignInSettings> | null | undefined): SignInSettings | null {
  if (!given?.authority || !given.clientId) return null;
  return {
    authority: given.authority,
    clientId: given.clientId,
    scope: given.scope ?? "openid",
    parameters: given.parameters ?? {},
  };
}

export async function loadConfig(): Promise<UiConfig> {
  const address = new URL(/* @vite-ignore */ ADDRESS, import.meta.url);
  const response = await fetch(address, { cache: "no-store" });
  return readConfig(await response.json());
}

export const ConfigContext = createContext(readConfig({}));
export const useConfig = () => useContext(ConfigContext);
