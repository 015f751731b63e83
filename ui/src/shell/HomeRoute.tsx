/** The first page, with the one button that everything begins with. */
import { HomePage } from "../features/home";
import { NewSession } from "./NewSession";

export function HomeRoute() {
  return <HomePage begin={<NewSession />} />;
}
