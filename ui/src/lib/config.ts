/** What the server says about this installation, read once before the first page. */
import { createContext, useContext } from "react";
import { text } from "./strings";

export interface UiConfig {
  routing: "history" | "hash";
  apiBase: string;
  /** Where models are called. */
  gateway: string;
  branding: Branding;
  /** Where people sign in, if not only by a one-time link. */
  signIn: SignInSettings | null;
  /** Whether this installation keeps accounts of its own, which administrators manage here. */
  users: boolean;
}

export interface Branding {
  name: string;
  /** The address of a picture of ours, or nothing. */
  logo: string;
  /** A colour such as `#0b57d0`, or nothing. */
  accent: string;
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

/** `address` is where it was read: what it says may be relative to that. */
export function readConfig(raw: unknown, address?: URL): UiConfig {
  const given = (raw ?? {}) as Partial<UiConfig>;
  return {
    routing: given.routing === "hash" ? "hash" : "history",
    apiBase: absolute(given.apiBase, address) ?? "/api",
    gateway: given.gateway ?? "/v1",
    branding: readBranding(given.branding, address),
    signIn: readSignIn(given.signIn),
    users: given.users === true,
  };
}

function absolute(place: string | undefined, address: URL | undefined): string | undefined {
  if (!place?.startsWith(".") || !address) return place;
  return new URL(place, address).pathname.replace(/\/$/, "");
}

function readBranding(given: Partial<Branding> | undefined, address: URL | undefined): Branding {
  const { name, logo = "", accent = "" } = given ?? {};
  // A picture beside the configuration, and nothing that could lead elsewhere.
  const isOurs = /^[\w-]+\.(svg|png|webp)$/.test(logo);
  return {
    name: name || text.brand,
    logo: isOurs ? new URL(logo, address ?? document.location.href).pathname : "",
    accent: /^#[0-9a-f]{6}$/i.test(accent) ? accent : "",
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
  return readConfig(await response.json(), address);
}

export const ConfigContext = createContext(readConfig({}));
export const useConfig = () => useContext(ConfigContext);
