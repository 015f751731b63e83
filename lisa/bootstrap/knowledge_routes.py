"""Puts together what the routes of repositories, documents and search call."""

from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.knowledge import (
    KnowledgePorts,
    access_of,
    endings_of,
    marking_of,
    rag_documents,
    rag_files,
)
from lisa.bootstrap.store_making import store_orders_of
from lisa.http.services import KnowledgeServices
from lisa.stores.audit import AuditStore
from lisa.stores.knowledge.evaluations import EvaluationStore
from lisa.stores.knowledge.pipelines import PipelineStore
from lisa.stores.models import ModelStore
from lisa.usecases.audit import Audit
from lisa.usecases.knowledge.collections import Collections
from lisa.usecases.knowledge.evaluations import Evaluations
from lisa.usecases.knowledge.finding import Finding
from lisa.usecases.knowledge.lisa_uploads import LisaUploads
from lisa.usecases.knowledge.pipelines import Pipelines
from lisa.usecases.knowledge.repositories import Repositories
from lisa.usecases.knowledge.retrieval import Retrieval


def knowledge_services(ports: ContentPorts, own: KnowledgePorts) -> KnowledgeServices:
    """Return what the routes of knowledge call."""
    access, files = access_of(ports), rag_files(ports)
    models = ModelStore(ports.tables)
    audit = Audit(AuditStore(ports.tables), ports.clock, ports.ids)
    collections = Collections(
        access=access,
        models=models,
        stores=own.stores,
        marking=marking_of(ports),
        clock=ports.clock,
        ids=ports.ids,
        audit=audit,
    )
    finding = Finding(collections, files.documents, files)
    retrieval = Retrieval(access, own.stores, own.embedder, own.reranker, ports.clock, models)
    store = EvaluationStore(ports.tables)
    return KnowledgeServices(
        access=access,
        repositories=Repositories(
            access=access,
            models=models,
            stores=own.stores,
            sources=own.sources,
            endings=endings_of(ports, own.making),
            clock=ports.clock,
            ids=ports.ids,
            audit=audit,
            making=store_orders_of(ports, own.making),
        ),
        collections=collections,
        documents=rag_documents(ports, own.stores),
        files=files,
        pipelines=Pipelines(access, PipelineStore(ports.tables), ports.clock),
        retrieval=retrieval,
        evaluations=Evaluations(store, access, retrieval, ports.clock, ports.ids),
        finding=finding,
        lisa_uploads=LisaUploads(finding, files.files, ports.blobs),
    )
