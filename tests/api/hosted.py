"""What tests of models that LISA runs ask for, and how they wait for it."""

from typing import Any

from tests.api.conftest import Api

OURS: dict[str, Any] = {
    "modelId": "llama",
    "allowedGroups": [],
    "hosting": {
        "engine": "vllm",
        "weights": {"source": "/weights/llama"},
        "options": {"max_model_len": 4096},
        "scaling": {"maximum": 3},
    },
}
LISAS: dict[str, Any] = {
    "modelId": "llama",
    "modelName": "meta/llama",
    "modelType": "textgen",
    "hostingType": "lisa_hosted",
    "inferenceContainer": "vllm",
    "instanceType": "g5.12xlarge",
    "containerConfig": {
        "image": {"baseImage": "vllm/vllm-openai:v1", "type": "asset"},
        "sharedMemorySize": 2048,
        "healthCheckConfig": {
            "command": ["CMD-SHELL", "exit 0"],
            "interval": 10,
            "startPeriod": 30,
            "timeout": 5,
            "retries": 3,
        },
        "environment": {"OMP_NUM_THREADS": "4"},
    },
    "autoScalingConfig": {
        "blockDeviceVolumeSize": 80,
        "minCapacity": 1,
        "maxCapacity": 2,
        "cooldown": 420,
        "defaultInstanceWarmup": 180,
        "metricConfig": {"albMetricName": "RequestCountPerTarget", "targetValue": 20},
    },
    "loadBalancerConfig": {
        "healthCheckConfig": {
            "path": "/health",
            "interval": 60,
            "timeout": 30,
            "healthyThresholdCount": 2,
            "unhealthyThresholdCount": 10,
        }
    },
}


async def made(api: Api, wanted: dict[str, Any] = OURS) -> dict[str, Any]:
    """Create a model, and let it come into service."""
    answer = await api.admin.post("/models", json=wanted)
    assert answer.status_code == 200, answer.text
    assert answer.json()["model"]["status"] == "Creating"
    return await after(api)


async def after(api: Api, path: str = "/models/llama") -> dict[str, Any]:
    """Return the model when nothing more is being done with it."""
    await api.stage.go()
    model: dict[str, Any] = (await api.admin.get(path)).json()["model"]
    return model


async def put(api: Api, change: dict[str, Any], **headers: str) -> dict[str, Any]:
    """Change the model."""
    answer = await api.admin.put("/models/llama", json=change, headers=headers)
    assert answer.status_code == 200, answer.text
    model: dict[str, Any] = answer.json()["model"]
    return model
