/** Buttons, and links that look like them. */
import type { ComponentProps } from "react";

const SHAPE =
  "inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3.5 text-sm font-medium " +
  "cursor-pointer motion-safe:transition-colors disabled:cursor-default disabled:opacity-60";

const LOOKS = {
  primary: "bg-primary text-primary-foreground hover:bg-primary/90",
  plain: "border border-input/60 bg-card hover:bg-muted",
  quiet: "hover:bg-muted",
  danger: "bg-destructive text-destructive-foreground hover:bg-destructive/90",
};

export type Look = keyof typeof LOOKS;

export const buttonClass = (look: Look = "plain") => `${SHAPE} ${LOOKS[look]}`;

interface Props extends ComponentProps<"button"> {
  look?: Look;
}

export function Button({ look = "plain", className = "", type = "button", ...rest }: Props) {
  return <button type={type} className={`${buttonClass(look)} ${className}`} {...rest} />;
}
