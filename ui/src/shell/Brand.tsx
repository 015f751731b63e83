/** What this installation is called and looks like, and the way home. */
import { Link } from "@tanstack/react-router";
import { useConfig } from "../lib/config";

export function Brand() {
  const { branding } = useConfig();
  return (
    <Link
      to="/"
      className="flex min-h-9 min-w-0 items-center gap-2 rounded px-3 text-lg font-bold tracking-tight"
    >
      {branding.logo && <img src={branding.logo} alt="" className="h-7 max-w-28 object-contain" />}
      <span className="truncate">{branding.name}</span>
    </Link>
  );
}
