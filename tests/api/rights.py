"""What each route answers to each kind of caller: declared here, compared in `test_rights`."""

from dataclasses import dataclass, field
from typing import Final

JsonBody = dict[str, object]

CALLERS: Final = (
    "anonymous",
    "owner",
    "other",
    "member",
    "rag-admin",
    "admin",
    "expired",
    "revoked",
    "disabled",
    "scoped",
)
STRANGERS: Final = {"anonymous": 401, "expired": 401, "revoked": 401, "disabled": 401}
KNOWN: Final = {"owner", "other", "member", "rag-admin", "admin"}


@dataclass(frozen=True)
class Expected:
    """The status for each caller, and a request that is well-formed and would succeed."""

    statuses: dict[str, int]
    body: JsonBody | None = None
    query: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)  # instead of the names of all routes


def known(ok: int, refused: int = 403, *, only: set[str] = KNOWN) -> dict[str, int]:
    """Let only these in; the others who are known get a refusal, strangers are told nothing."""
    named = {caller: ok if caller in only else refused for caller in KNOWN}
    return named | STRANGERS | {"scoped": 403}


def everybody(ok: int = 200) -> dict[str, int]:
    """Let all in who are known, each to their own."""
    return known(ok)


def owner(ok: int = 200) -> dict[str, int]:
    """Let the owner in; to all others, administrators too, the object isn't there."""
    return known(ok, 404, only={"owner"})


def owner_or_admin(ok: int = 200) -> dict[str, int]:
    """Let the owner and administrators in; to all others the object isn't there."""
    return known(ok, 404, only={"owner", "admin"})


def admins(ok: int = 200) -> dict[str, int]:
    """Let administrators in."""
    return known(ok, only={"admin"})


def members(ok: int = 200) -> dict[str, int]:
    """Let members of the object's group and administrators in; for others it isn't there."""
    return known(ok, 404, only={"owner", "member", "admin"})


def owner_among_members(ok: int = 200) -> dict[str, int]:
    """Let the owner and administrators in; members see it and may not, others don't see it."""
    return known(ok, 404, only={"owner", "admin"}) | {"member": 403}


def keepers(ok: int = 200) -> dict[str, int]:
    """Let administrators in; members see it and may not, others don't see it."""
    return known(ok, 404, only={"admin"}) | {"owner": 403, "member": 403}


ITEM: Final[JsonBody] = {"id": "i9", "role": "user", "parts": [{"type": "text", "text": "hi"}]}
PIXEL: Final = {"image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
NAMED: Final[JsonBody] = {"name": "n"}
EXPORT: Final[JsonBody] = {"format": "lisa.session/1", "session": {}, "items": [ITEM]}
CONFIGURED: Final[JsonBody] = {"version": 0, "configuration": {}}
CONFIGURED_AS_IN_LISA: Final[JsonBody] = {"versionId": 1, "configuration": {}}
QUESTION: Final = {"as": "alice", "can": "read", "kind": "session"}

SESSIONS: Final = {
    "POST /sessions": Expected(everybody(201), {}),
    "GET /sessions": Expected(everybody()),
    "DELETE /sessions": Expected(everybody(202)),
    "GET /sessions/{session_id}": Expected(owner()),
    "PATCH /sessions/{session_id}": Expected(owner(), NAMED),
    "DELETE /sessions/{session_id}": Expected(owner(204)),
    "POST /sessions/{session_id}/items": Expected(owner(201), {"items": [ITEM]}),
    "GET /sessions/{session_id}/items": Expected(owner()),
    "POST /sessions/{session_id}/items/{item_id}/remove": Expected(owner()),
    "POST /sessions/{session_id}/items/{item_id}/restore": Expected(owner()),
    "GET /sessions/{session_id}/export": Expected(owner()),
    "POST /sessions/import": Expected(everybody(201), EXPORT),
    "POST /sessions/import/archives": Expected(everybody(201), {"size": 1}),
    "POST /sessions/import/archives/{upload_id}": Expected(owner(201)),
    "POST /sessions/{session_id}/files": Expected(
        owner(201), {"content_type": "text/plain", "size": 1}
    ),
    "GET /sessions/{session_id}/files/{file_id}": Expected(owner()),
    "POST /sessions/{session_id}/files/{file_id}/text": Expected(owner()),
    "GET /session": Expected(everybody()),
    "DELETE /session": Expected(everybody()),
    "GET /session/{session_id}": Expected(owner()),
    "PUT /session/{session_id}": Expected(everybody(), {"messages": []}),  # makes one's own
    "DELETE /session/{session_id}": Expected(owner()),
    "PUT /session/{session_id}/name": Expected(owner(), NAMED),
    "PUT /session/{session_id}/attachImage": Expected(owner(), {"message": PIXEL}),
}
TOOL_SERVER: Final[JsonBody] = {"name": "for research", "url": "http://127.0.0.1:9/mcp"}
TOOL_SERVERS: Final = {
    "POST /tool-servers": Expected(everybody(201), TOOL_SERVER),
    "GET /tool-servers": Expected(everybody()),
    "GET /tool-servers/{server_id}": Expected(members()),
    "PUT /tool-servers/{server_id}": Expected(owner_among_members(), TOOL_SERVER),
    "DELETE /tool-servers/{server_id}": Expected(owner_among_members(204)),
    # Nothing listens there.
    "POST /tool-servers/{server_id}/test": Expected(owner_among_members(503)),
    "GET /tool-servers/{server_id}/tools": Expected(members(503)),
    "PUT /tool-servers/{server_id}/choices": Expected(members(), {"enabled": True}),
    "POST /mcp-server": Expected(everybody(), TOOL_SERVER),
    "GET /mcp-server": Expected(everybody()),
    "GET /mcp-server/{server_id}": Expected(members()),
    "PUT /mcp-server/{server_id}": Expected(owner_among_members(), TOOL_SERVER),
    "DELETE /mcp-server/{server_id}": Expected(owner_among_members()),
}
PROMPT: Final[JsonBody] = {"title": "t", "type": "persona", "body": "b"}
PROMPTS: Final = {
    "POST /prompts": Expected(everybody(201), PROMPT),
    "GET /prompts": Expected(everybody()),
    "GET /prompts/{prompt_id}": Expected(members()),
    "PUT /prompts/{prompt_id}": Expected(owner_among_members(), PROMPT),
    "DELETE /prompts/{prompt_id}": Expected(owner_among_members(204)),
    "GET /prompts/{prompt_id}/revisions": Expected(owner_among_members()),
    "POST /prompt-templates": Expected(everybody(), PROMPT),
    "GET /prompt-templates": Expected(everybody()),
    "GET /prompt-templates/{template_id}": Expected(members()),
    "PUT /prompt-templates/{template_id}": Expected(owner_among_members(), PROMPT),
    "DELETE /prompt-templates/{template_id}": Expected(owner_among_members()),
}
PROJECTS: Final = {
    "POST /projects": Expected(everybody(201), NAMED),
    "GET /projects": Expected(everybody()),
    "PATCH /projects/{project_id}": Expected(owner(), NAMED),
    "DELETE /projects/{project_id}": Expected(owner(204)),
    "PUT /projects/{project_id}/sessions/{session_id}": Expected(owner()),
    "DELETE /projects/{project_id}/sessions/{session_id}": Expected(owner()),
    "GET /project": Expected(everybody()),
    "POST /project": Expected(everybody(), NAMED),
    "PUT /project/{project_id}": Expected(owner(), NAMED),
    "DELETE /project/{project_id}": Expected(owner()),
    "PUT /project/{project_id}/session/{session_id}": Expected(owner(), {}),
}
IDENTITY: Final = {
    "GET /openapi.json": Expected(everybody()),
    "GET /me": Expected(everybody()),
    "POST /sign-in": Expected(dict.fromkeys(CALLERS, 401), {"code": "made-up"}),
    "POST /sign-in/codes": Expected(admins(201)),
    "POST /sign-out": Expected(everybody(204)),
    "POST /tokens": Expected(known(201, only=KNOWN - {"rag-admin"}), NAMED),  # not in api group
    "GET /tokens": Expected(everybody()),
    "GET /tokens/{token_id}": Expected(owner_or_admin()),
    "PATCH /tokens/{token_id}": Expected(owner_or_admin(), {"disabled": True}),
    "POST /tokens/{token_id}/rotate": Expected(owner_or_admin(), {}),
    "DELETE /tokens/{token_id}": Expected(owner_or_admin(204)),
    "POST /api-tokens/{username}": Expected(admins(), NAMED),
    "POST /api-tokens": Expected(known(200, only=KNOWN - {"rag-admin"}), NAMED),
    "GET /api-tokens": Expected(everybody()),
    "GET /api-tokens/{token_uuid}": Expected(owner_or_admin()),
    "DELETE /api-tokens/{token_uuid}": Expected(owner_or_admin()),
    "GET /policy/explain": Expected(admins(), query=QUESTION),
}
NEW_USER: Final[JsonBody] = {"name": "yves", "password": "four words at random"}
NEW_PASSWORD: Final[JsonBody] = {"current": "four words at random", "new": "another four words"}
USERS: Final = {
    "GET /users": Expected(admins()),
    "POST /users": Expected(admins(201), NEW_USER),
    "GET /users/{name}": Expected(admins()),
    "PATCH /users/{name}": Expected(admins(), {"groups": ["research"]}),
    "DELETE /users/{name}": Expected(admins(204)),
    "POST /me/password": Expected(known(204, only=set()), NEW_PASSWORD),  # not with a token
}
HOUSEKEEPING: Final = {
    "GET /configurations/current": Expected(everybody()),
    "PUT /configurations/current": Expected(admins(), CONFIGURED),
    "GET /configurations/history": Expected(admins()),
    "GET /configuration": Expected(everybody()),
    "PUT /configuration/{scope}": Expected(admins(), CONFIGURED_AS_IN_LISA),
    "GET /user-preferences": Expected(everybody()),
    "PUT /user-preferences": Expected(everybody(), {"preferences": {}}),
    "GET /audit": Expected(admins()),
    "GET /audit/export": Expected(admins()),
}
MODEL: Final[JsonBody] = {"modelId": "m2", "modelName": "m", "modelUrl": "http://[::1]:9/v1"}
HOSTED: Final[JsonBody] = {
    "modelId": "ours/m",
    "allowedGroups": ["research"],
    "hosting": {"engine": "vllm", "weights": {"source": "/weights/m"}},
}
ONE_WE_RUN: Final = {"model_id": "ours/m"}
AT_NINE: Final[JsonBody] = {
    "scheduleType": "RECURRING",
    "recurringSchedule": {"startTime": "09:00", "stopTime": "17:00"},
}
MODELS: Final = {
    "POST /models": Expected(admins(), MODEL),
    "GET /models": Expected(everybody()),
    "POST /models/test": Expected(admins(), MODEL),
    "GET /models/metadata/instances": Expected(everybody()),
    "GET /models/metadata/engines": Expected(everybody()),
    "GET /models/metadata/catalogue": Expected(everybody()),
    "GET /models/metadata/schedules": Expected(everybody()),
    "GET /models/{model_id:path}": Expected(members()),
    "PUT /models/{model_id:path}": Expected(admins(), {"modelDescription": "d"}),
    "DELETE /models/{model_id:path}": Expected(admins()),
    "PUT /models/{model_id:path}/context-window": Expected(admins(), {"contextWindow": 1}),
    "GET /models/{model_id:path}/events": Expected(admins(), about=ONE_WE_RUN),
    "GET /models/{model_id:path}/replicas": Expected(admins(), about=ONE_WE_RUN),
    "GET /models/{model_id:path}/replicas/{replica}/logs": Expected(admins(), about=ONE_WE_RUN),
    "GET /models/{model_id:path}/removal": Expected(admins(), about=ONE_WE_RUN),
    "POST /models/{model_id:path}/schedule": Expected(admins(), AT_NINE, about=ONE_WE_RUN),
    "PUT /models/{model_id:path}/schedule": Expected(admins(), AT_NINE, about=ONE_WE_RUN),
    "GET /models/{model_id:path}/schedule": Expected(members(), about=ONE_WE_RUN),
    "DELETE /models/{model_id:path}/schedule": Expected(admins(), about=ONE_WE_RUN),
    "GET /models/{model_id:path}/schedule/status": Expected(members(), about=ONE_WE_RUN),
}
USAGE: Final = {
    "GET /usage": Expected(everybody()),
    "GET /usage/calls": Expected(everybody()),
    "GET /usage/export": Expected(everybody()),
    "GET /metrics/users/all": Expected(admins()),
    "GET /metrics/users/{username}": Expected(known(200, only={"owner", "admin"})),
}
EMBEDDER: Final[JsonBody] = {
    "modelId": "words",
    "modelName": "m",
    "modelUrl": "http://127.0.0.1:9/v1",
    "modelType": "embedding",
}
REPOSITORY: Final[JsonBody] = {
    "repositoryId": "papers",
    "name": "Papers",
    "store": {"kind": "pgvector"},
    "embeddingModel": "words",
    "groups": ["research"],
    "pipelines": [{"id": "p", "source": "s3://bucket/prefix"}],
}
ANOTHER: Final[JsonBody] = {"repositoryId": "more", "name": "n", "store": {"kind": "pgvector"}}
ANOTHER_AS_IN_LISA: Final[JsonBody] = {"repositoryId": "more", "type": "pgvector"}
QUESTIONED: Final[JsonBody] = {"query": "q", "collections": ["papers.default"]}
ITS_ID: Final[JsonBody] = {"documentIds": ["{document_id}"]}
UPLOAD: Final[JsonBody] = {"name": "a.txt", "size": 1}
OF_REPOSITORY: Final = "/repositories/{repository_id}"
OF_COLLECTION: Final = OF_REPOSITORY + "/collections/{collection_id}"
OF_DOCUMENT: Final = OF_COLLECTION + "/documents/{document_id}"
KNOWLEDGE: Final = {
    "POST /repositories": Expected(admins(201), ANOTHER),
    "GET /repositories": Expected(everybody()),
    "GET /repositories/store-kinds": Expected(admins()),
    f"GET {OF_REPOSITORY}": Expected(members()),
    f"PUT {OF_REPOSITORY}": Expected(keepers(), {"description": "d"}),
    f"DELETE {OF_REPOSITORY}": Expected(keepers(202)),
    "GET /collections": Expected(everybody()),
    f"POST {OF_REPOSITORY}/collections": Expected(keepers(201), NAMED),
    f"GET {OF_REPOSITORY}/collections": Expected(members()),
    f"GET {OF_COLLECTION}": Expected(members()),
    f"PUT {OF_COLLECTION}": Expected(keepers(), NAMED),
    f"DELETE {OF_COLLECTION}": Expected(keepers(202)),
    f"GET {OF_COLLECTION}/contents": Expected(members()),
    f"POST {OF_COLLECTION}/uploads": Expected(members(201), UPLOAD),
    f"POST {OF_COLLECTION}/documents": Expected(owner(202), ITS_ID),  # of own files only
    f"GET {OF_COLLECTION}/documents": Expected(members()),
    f"POST {OF_COLLECTION}/documents/removal": Expected(owner_among_members(202), ITS_ID),
    f"POST {OF_COLLECTION}/documents/retry": Expected(members(202), {}),  # one's own
    f"GET {OF_DOCUMENT}": Expected(members()),
    f"DELETE {OF_DOCUMENT}": Expected(owner_among_members(202)),
    f"GET {OF_DOCUMENT}/content": Expected(members()),
    f"GET {OF_DOCUMENT}/passages": Expected(members()),
    f"GET {OF_REPOSITORY}/jobs": Expected(members()),
    f"GET {OF_REPOSITORY}/jobs/{{job_id}}": Expected(owner_or_admin()),
    f"GET {OF_REPOSITORY}/pipelines": Expected(members()),
    f"GET {OF_REPOSITORY}/pipelines/{{pipeline_id}}/runs": Expected(members()),
    f"POST {OF_REPOSITORY}/pipelines/{{pipeline_id}}/run": Expected(keepers(202)),
    "POST /search": Expected(members(), QUESTIONED),
}
GOLDEN: Final[JsonBody] = {
    "name": "g",
    "questions": [{"question": "q", "relevant": [{"document": "d"}]}],
}
RUN: Final[JsonBody] = {"setId": "{set_id}", "collections": ["papers.default"]}
EVALUATIONS: Final = {
    "POST /evaluations/sets": Expected(everybody(201), GOLDEN),
    "POST /evaluations/sets/file": Expected(everybody(201), GOLDEN, {"name": "another"}),
    "GET /evaluations/sets": Expected(everybody()),
    "GET /evaluations/sets/{set_id}": Expected(owner_or_admin()),
    "DELETE /evaluations/sets/{set_id}": Expected(owner_or_admin(204)),
    "POST /evaluations/runs": Expected(owner_or_admin(201), RUN),  # of one's own set
    "GET /evaluations/runs": Expected(everybody()),
    "GET /evaluations/runs/{run_id}": Expected(owner_or_admin()),
    "DELETE /evaluations/runs/{run_id}": Expected(owner_or_admin(204)),
    "POST /evaluations/runs/{run_id}/steps": Expected(owner_or_admin()),
    "GET /evaluations/runs/{run_id}/comparison/{other_id}": Expected(owner_or_admin()),
}
IN_LISA: Final = "/repository/{repository_id}"
KNOWLEDGE_AS_IN_LISA: Final = {
    "GET /repository": Expected(everybody()),
    "POST /repository": Expected(admins(), ANOTHER_AS_IN_LISA),
    "GET /repository/status": Expected(admins()),
    f"GET {IN_LISA}": Expected(members()),
    f"PUT {IN_LISA}": Expected(keepers(), {"description": "d"}),
    f"DELETE {IN_LISA}": Expected(keepers()),
    f"GET {IN_LISA}/similaritySearch": Expected(members(), query={"query": "q"}),
    f"POST {IN_LISA}/bulk": Expected(owner(), {"keys": ["{document_id}"]}),  # own files only
    "POST /repository/presigned-url": Expected(everybody(), {"any": "name"}),
    f"GET {IN_LISA}/document": Expected(members()),
    f"DELETE {IN_LISA}/document": Expected(owner_among_members(), ITS_ID),
    f"GET {IN_LISA}/{{document_id}}": Expected(members()),
    f"GET {IN_LISA}/{{document_id}}/download": Expected(members()),
    f"GET {IN_LISA}/jobs": Expected(members()),
    "GET /repository/collections": Expected(everybody()),
    f"GET {IN_LISA}/collection": Expected(members()),
    f"POST {IN_LISA}/collection": Expected(keepers(), NAMED),
    f"GET {IN_LISA}/collection/{{collection_id}}": Expected(members()),
    f"PUT {IN_LISA}/collection/{{collection_id}}": Expected(keepers(), NAMED),
    f"DELETE {IN_LISA}/collection/{{collection_id}}": Expected(keepers()),
    "GET /bedrock-kb": Expected(everybody()),
    "GET /bedrock-kb/{knowledge_base_id}/data-sources": Expected(everybody(404)),
}
EXPECTED: Final[dict[str, Expected]] = (
    SESSIONS
    | PROMPTS
    | PROJECTS
    | TOOL_SERVERS
    | IDENTITY
    | USERS
    | HOUSEKEEPING
    | MODELS
    | USAGE
    | KNOWLEDGE
    | KNOWLEDGE_AS_IN_LISA
    | EVALUATIONS
)
PUBLIC: Final = {"POST /sign-in"}
