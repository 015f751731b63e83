/** A menu whose code comes after the first page has been painted. */
import { lazy, Suspense } from "react";
import type { MenuProps } from "./MenuButton";

const MenuButton = lazy(() => import("./MenuButton"));

export function Menu(props: MenuProps) {
  return (
    <Suspense fallback={<span aria-hidden="true" className="size-9 shrink-0" />}>
      <MenuButton {...props} />
    </Suspense>
  );
}
