/** A small button that shows a picture and says its name. */
import type { ComponentProps } from "react";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/icons";

interface Props extends Omit<ComponentProps<typeof Button>, "children" | "title"> {
  icon: ComponentProps<typeof Icon>["name"];
  name: string;
}

export function IconButton({ icon, name, look = "quiet", className = "", ...rest }: Props) {
  return (
    <Button
      {...rest}
      look={look}
      aria-label={name}
      title={name}
      className={`min-w-9 px-2 ${className}`}
    >
      <Icon name={icon} />
    </Button>
  );
}
