export { SessionPage } from "./SessionPage";
export { SessionsPage } from "./SessionsPage";
