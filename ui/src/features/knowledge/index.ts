export { CollectionsPage } from "./collections/CollectionsPage";
export { EvaluationsPage } from "./evaluations/EvaluationsPage";
export { RunPage } from "./evaluations/RunPage";
export { LibraryPage } from "./library/LibraryPage";
export { NewRepositoryPage } from "./repositories/NewRepositoryPage";
export { RepositoriesPage } from "./repositories/RepositoriesPage";
export { EditRepositoryPage, RepositoryPage } from "./repositories/RepositoryPage";
export { SearchPage } from "./search/SearchPage";
