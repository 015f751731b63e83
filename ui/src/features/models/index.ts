export { EditModelPage } from "./EditModelPage";
export { NewHostedPage } from "./hosting/NewHostedPage";
export { LibraryPage } from "./library/LibraryPage";
export { ModelsPage } from "./ModelsPage";
export { NewModelPage } from "./NewModelPage";
export { ModelPage } from "./page/ModelPage";
export { SchedulesPage } from "./schedules/SchedulesPage";
