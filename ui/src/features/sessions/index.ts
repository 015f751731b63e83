export { HistoryPanel } from "./HistoryPanel";
export { SessionActions } from "./SessionActions";
export { SessionsPage } from "./SessionsPage";
