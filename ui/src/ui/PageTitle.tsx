/** What the browser's tab says. */
import { useConfig } from "../lib/config";

export function PageTitle({ children }: { children: string }) {
  const { branding } = useConfig();
  return <title>{`${children} · ${branding.name}`}</title>;
}
