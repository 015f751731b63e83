/** All sessions; where there is no room for the navigation, with the button that begins one. */
import { SessionsPage } from "../features/sessions";
import { NewSession } from "./NewSession";

export default function SessionsRoute() {
  return <SessionsPage begin={<NewSession />} />;
}
