/** Pages of a role: for everybody else there is nothing at their addresses. The API refuses anyway. */
import { Outlet } from "@tanstack/react-router";
import { type Me, useMe } from "../api/identity";
import { type UiConfig, useConfig } from "../lib/config";
import { NotFoundPage } from "./NotFoundPage";

export function onlyFor(isAllowed: (me: Me, config: UiConfig) => boolean) {
  return function Allowed() {
    const { data: me } = useMe(true);
    const config = useConfig();
    if (!me) return null;
    return isAllowed(me, config) ? <Outlet /> : <NotFoundPage />;
  };
}
