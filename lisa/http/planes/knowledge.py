"""Routes of repositories, documents, search and evaluations."""

from typing import Final

from lisa.http.evaluations.routes import router as evaluations
from lisa.http.knowledge.documents import router as rag_documents
from lisa.http.knowledge.jobs import router as rag_jobs
from lisa.http.knowledge.lisa_collections import router as lisa_collections
from lisa.http.knowledge.lisa_documents import router as lisa_documents
from lisa.http.knowledge.lisa_repositories import router as lisa_repositories
from lisa.http.knowledge.pipelines import router as pipelines
from lisa.http.knowledge.repositories import router as repositories
from lisa.http.knowledge.search import router as knowledge_search
from lisa.http.knowledge.store_kinds import router as store_kinds

KNOWLEDGE: Final = (
    store_kinds,  # before the next, whose paths have ids in this place
    repositories,
    rag_documents,
    rag_jobs,
    pipelines,
    knowledge_search,
    evaluations,
    lisa_collections,
    lisa_repositories,  # before the next: it has paths that would else be documents
    lisa_documents,
)
